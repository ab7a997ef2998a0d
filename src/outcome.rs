//! How a call may turn out, and how that is told: every failure becomes what a person reads here.

use std::fmt;
use std::time::Duration;

use crate::tf::{AttributePath, Diagnostics, Report};

pub mod catalog;
mod files;
mod line;
mod veil;

pub use catalog::{CatalogError, CatalogErrorKind};
pub use files::{not_json, unread};
pub use line::{Long, ended, shortened, worded};
pub use veil::Veil;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call did not do what it was asked: one variant for each thing that code or a person does differently about it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The configuration asks for something that cannot be.
    #[error("{what} {fix}")]
    Config {
        /// The attribute it is about; empty when it belongs to none.
        at: AttributePath,
        /// What is wrong.
        what: String,
        /// What to write instead.
        fix: String,
    },
    /// Settings of the provider are not known before other resources are made.
    #[error("the provider's settings are not known yet")]
    NotYet,
    /// AWS refused or did not answer.
    #[error("{0}")]
    Aws(AwsError),
    /// A catalog's registry refused or did not answer.
    #[error("{0}")]
    Catalog(CatalogError),
    /// The operation ran and ended badly.
    #[error("{state}")]
    Failed {
        /// Where it stands now, with the first cause.
        state: String,
        /// What to do next.
        next: String,
    },
    /// A person stopped Terraform.
    #[error("stopped while {doing}")]
    Interrupted {
        /// What was going on, as "the stack is being created".
        doing: String,
    },
    /// The time limit of the configuration is over.
    #[error("gave up after {} while {doing}", spoken(.limit))]
    TooLong {
        /// What was going on.
        doing: String,
        /// How long it was waited for.
        limit: Duration,
    },
}

/// An answer of AWS that is an error, in our own words.
#[derive(Clone, Debug, PartialEq)]
pub struct AwsError {
    /// What it means for the caller.
    pub kind: AwsErrorKind,
    /// What was asked, as "create the stack".
    pub doing: &'static str,
    /// AWS's code, as `ValidationError`; empty when nothing was answered.
    pub code: String,
    /// AWS's text, or what the connection said.
    pub message: String,
}

/// What an error of AWS means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsErrorKind {
    /// The thing does not exist.
    Gone,
    /// A thing of that name exists.
    Exists,
    /// There is nothing to change.
    NoChange,
    /// Not allowed.
    Denied,
    /// The credentials are missing, wrong or expired.
    Credentials,
    /// The clock of this machine is wrong.
    Clock,
    /// Too many calls, a fault of AWS, or no answer: the same call may succeed later.
    Later,
    /// A limit of the account is reached.
    Quota,
    /// The thing is in a state that does not allow this.
    State,
    /// Anything else: the request is wrong.
    Invalid,
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS did not {}: ", self.doing)?;
        if !self.code.is_empty() {
            write!(f, "{}: ", self.code)?;
        }
        f.write_str(&self.message)
    }
}

impl Error {
    /// A mistake at an attribute of the configuration.
    pub fn config(at: AttributePath, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Error::Config { at, what: what.into(), fix: fix.into() }
    }

    /// What AWS's answer means, if this is one.
    pub fn aws(&self) -> Option<AwsErrorKind> {
        match self {
            Error::Aws(e) => Some(e.kind),
            _ => None,
        }
    }

    /// Its own words say that an operation which was begun is found again.
    fn says_found_again(&self) -> bool {
        matches!(self, Error::TooLong { .. })
            || matches!(
                self.aws(),
                Some(AwsErrorKind::Credentials | AwsErrorKind::Clock | AwsErrorKind::Later)
            )
    }
}

/// What was tried, for a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Plan a change.
    Plan,
    /// Make it.
    Create,
    /// Look at it.
    Read,
    /// Change it.
    Update,
    /// Remove it.
    Delete,
    /// Take it over.
    Import,
    /// Have it last longer.
    Renew,
    /// End it.
    Close,
    /// Do what an action does.
    Invoke,
    /// Tell what there is of it.
    List,
}

impl Verb {
    fn done(self) -> &'static str {
        match self {
            Verb::Plan => "planned",
            Verb::Create => "created",
            Verb::Read => "read",
            Verb::Update => "updated",
            Verb::Delete => "deleted",
            Verb::Import => "imported",
            Verb::Renew => "renewed",
            Verb::Close => "closed",
            Verb::Invoke => "finished",
            Verb::List => "listed",
        }
    }
}

/// Reports a failure: what happened, where it stands now, what to do next. `subject` is as "Quilt stack prod".
pub fn explain(verb: Verb, subject: &str, e: &Error, d: &mut Diagnostics) {
    let summary = format!("{subject} was not {}", verb.done());
    match e {
        Error::Config { at, what, fix } => d.fail_at(at.clone(), what.clone(), fix.clone()),
        Error::NotYet => d.fail(
            summary,
            "The provider's settings are not known yet. Apply first what they are made from.",
        ),
        Error::Aws(e) => d.fail(summary, format!("{e}\n\n{}", way_out(e.kind))),
        Error::Catalog(e) => d.fail(summary, format!("{e}\n\n{}", catalog::way_out(e.kind))),
        Error::Failed { state, next } => d.fail(summary, format!("{state}\n\n{next}")),
        Error::Interrupted { doing } => d.fail(
            format!("{summary}: stopped"),
            format!("Stopped while {doing}. {}", resumes(verb)),
        ),
        Error::TooLong { doing, limit } => {
            let state =
                format!("After {}, {doing} still. The operation goes on in AWS.", spoken(limit));
            let limits = if verb == Verb::Invoke { "`timeout`" } else { "the `timeouts` block" };
            let next = format!("{} Raise {limits} if it always takes longer.", resumes(verb));
            d.fail(format!("{summary} in time"), format!("{state}\n\n{next}"));
        }
    }
}

/// Reports a creation that a person stopped: it is saved as it is and goes on in AWS.
pub fn explain_resumable(subject: &str, doing: &str, d: &mut Diagnostics) {
    d.warn(
        format!("{subject} is not finished"),
        format!("Stopped while {doing}; the operation goes on in AWS. {}", resumes(Verb::Create)),
    );
}

/// Reports a creation that is not saved: what was begun goes on or stands in AWS, and the next apply adopts it.
pub fn explain_left(subject: &str, e: &Error, d: &mut Diagnostics) {
    explain(Verb::Create, subject, e, d);
    if let (false, Some(told)) = (e.says_found_again(), d.errors.last_mut()) {
        told.detail += "\n\nWhat was begun stays in AWS and nothing of it is deleted: the next `terraform apply` takes it over and goes on from there.";
    }
}

/// Says with the first refusal of a change, from error `first` on, how what exists is destroyed all the same: Terraform plans a configuration
/// before it destroys, and does not say so to providers.
pub fn name_way_to_destroy(first: usize, d: &mut Diagnostics) {
    if let Some(refusal) = d.errors.get_mut(first) {
        refusal.detail += "\n\n(Only for `terraform destroy`, which plans the configuration before it deletes: `-refresh=false` leaves that plan out.)";
    }
}

/// What to run next. After `terraform destroy` an apply would make anew what is being deleted.
fn resumes(verb: Verb) -> &'static str {
    match verb {
        Verb::Plan => "Nothing was changed. Run the same command again.",
        Verb::Delete => "Run the same command again: it finds the deletion and waits for its end.",
        Verb::Invoke => {
            "Invoke the action again: it finds what is under way and goes on from there."
        }
        _ => "Run `terraform apply` again: it finds the operation and waits for its end.",
    }
}

fn way_out(kind: AwsErrorKind) -> &'static str {
    match kind {
        AwsErrorKind::Gone => {
            "Something that this needs does not exist. If it was removed outside of Terraform, plan again; if it is named in the configuration, correct the name."
        }
        AwsErrorKind::Exists => "Choose another name, or import what exists.",
        AwsErrorKind::NoChange => "Nothing was changed.",
        AwsErrorKind::Denied => {
            "Allow the action named above to the credentials in use, then apply again. The guide \"Permissions\" lists all of them."
        }
        AwsErrorKind::Credentials => {
            "Renew the credentials, or give some that work, and run Terraform again: if an operation has begun in AWS, it goes on there and is found again."
        }
        AwsErrorKind::Clock => {
            "The clock of this machine is wrong, so AWS refuses its requests. Set the clock and run Terraform again: if an operation has begun in AWS, \
             it goes on there and is found again."
        }
        AwsErrorKind::Later => {
            "AWS or the network had a fault. Run Terraform again: if an operation has begun in AWS, it is found and waited for."
        }
        AwsErrorKind::Quota => {
            "Delete what you do not need any more, or have the quota raised (AWS console: Service Quotas). Then apply again."
        }
        AwsErrorKind::State => {
            "Wait for the operation that is going on, or see the stack's events for what stopped it."
        }
        AwsErrorKind::Invalid => "Correct the configuration and apply again.",
    }
}

/// A duration as people say it: "3 h", "90 min", "45 s".
pub fn spoken(d: &Duration) -> String {
    match d.as_secs() {
        s if s >= 3600 && s.is_multiple_of(3600) => format!("{} h", s / 3600),
        s if s >= 60 && s.is_multiple_of(60) => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}

/// How long something has lasted, to the second: "1 h 5 min", "3 min 20 s", "45 s".
pub fn elapsed(d: Duration) -> String {
    match (d.as_secs() / 3600, d.as_secs() / 60 % 60, d.as_secs() % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(e: Error) -> String {
        let mut d = Diagnostics::default();
        explain(Verb::Create, "Quilt stack prod", &e, &mut d);
        format!("{}\n{}", d.errors[0].summary, d.errors[0].detail)
    }

    #[test]
    fn a_failure_says_what_where_and_what_next() {
        let e = Error::Failed {
            state: "CloudFormation rolled it back: Database: no zones.".into(),
            next: "Fix the subnets and apply again.".into(),
        };
        assert_eq!(
            sentences(e),
            "Quilt stack prod was not created\nCloudFormation rolled it back: Database: no zones.\n\nFix the subnets and apply again."
        );
    }

    #[test]
    fn a_timeout_says_that_nothing_is_lost() {
        let text = sentences(Error::TooLong {
            doing: "the stack is being created".into(),
            limit: Duration::from_secs(3 * 3600),
        });
        assert!(
            text.starts_with(
                "Quilt stack prod was not created in time\nAfter 3 h, the stack is being created still. The operation goes on in AWS."
            ),
            "{text}"
        );
    }

    #[test]
    fn durations_are_spoken() {
        let all = [7200, 5400, 45, 61].map(|s| spoken(&Duration::from_secs(s)));
        assert_eq!(all, ["2 h", "90 min", "45 s", "61 s"]);
        let all = [3900, 200, 45].map(|s| elapsed(Duration::from_secs(s)));
        assert_eq!(all, ["1 h 5 min", "3 min 20 s", "45 s"]);
    }
}
