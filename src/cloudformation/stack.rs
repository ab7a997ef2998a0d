//! What a CloudFormation stack is, what can be asked of one, and what its status means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::arn::Arn;
use super::stack_policy::Policies;

/// A stack as CloudFormation describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stack {
    /// ARN.
    pub id: String,
    /// Name.
    pub name: String,
    /// Status.
    pub status: Status,
    /// CloudFormation's reason for the status.
    pub reason: Option<String>,
    /// Outputs.
    pub outputs: BTreeMap<String, String>,
    /// Parameters; secret ones are `****`.
    pub parameters: BTreeMap<String, String>,
    /// Tags, those of AWS itself left out.
    pub tags: BTreeMap<String, String>,
    /// The service role's ARN.
    pub role: Option<String>,
    /// Topics told of events.
    pub notification_arns: BTreeSet<String>,
    /// Capabilities granted last.
    pub capabilities: BTreeSet<String>,
    /// A failed creation is not rolled back.
    pub disable_rollback: bool,
    /// CloudFormation's own limit for a creation.
    pub timeout_in_minutes: Option<i64>,
    /// Termination protection.
    pub protected: bool,
    /// When it was changed last, RFC 3339; of its creation when never. Changes whenever template or parameters may have.
    pub changed_at: String,
    /// When its last creation, update or deletion began, in milliseconds since 1970.
    pub moved_at: i64,
}

/// A CloudFormation status, as `UPDATE_ROLLBACK_IN_PROGRESS`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status(pub String);

/// How a stack began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Creation {
    /// The token of the call.
    pub token: Option<String>,
    /// How long ago it completed; `None`: it did not, or that is not told.
    pub age: Option<Duration>,
}

impl Creation {
    /// Its token begins so.
    pub fn is_of(&self, prefix: &str) -> bool {
        self.token.as_deref().is_some_and(|token| token.starts_with(prefix))
    }
}

/// An event of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// Which resource; the stack's own name for the stack.
    pub logical_id: String,
    /// Its id in AWS: a nested stack's ARN, for one.
    pub physical_id: String,
    /// Its type, as `AWS::RDS::DBInstance`.
    pub kind: String,
    /// Its status.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// The operation's token.
    pub token: Option<String>,
    /// The operation's id.
    pub operation: Option<String>,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// A resource of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Its logical id.
    pub logical_id: String,
    /// Its type, as `AWS::RDS::DBInstance`.
    pub kind: String,
    /// Its id in AWS; empty before it is made.
    pub physical_id: String,
    /// Its status.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
}

/// What is asked of CloudFormation for a creation or an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// Name.
    pub name: String,
    /// Where the template is.
    pub template: Template,
    /// Parameters to send.
    pub parameters: BTreeMap<String, Parameter>,
    /// Capabilities granted.
    pub capabilities: BTreeSet<String>,
    /// The service role's ARN.
    pub role: Option<String>,
    /// What a failed creation does: `ROLLBACK`, `DELETE` or `DO_NOTHING`. Creation only.
    pub on_failure: Option<String>,
    /// A failed operation is not rolled back.
    pub disable_rollback: Option<bool>,
    /// CloudFormation's own limit. Creation only.
    pub timeout_in_minutes: Option<i64>,
    /// Topics to tell; `None` leaves them.
    pub notification_arns: Option<BTreeSet<String>>,
    /// The stack policy's body.
    pub policy_body: Option<String>,
    /// The stack policy's URL.
    pub policy_url: Option<String>,
    /// The stack policies before and after an update.
    pub policies: Policies,
    /// Tags; `None` leaves them.
    pub tags: Option<BTreeMap<String, String>>,
    /// Logical ids of what an update may replace or delete though it holds data; `None`: the configuration has no word for that.
    pub replaceable: Option<BTreeSet<String>>,
    /// Logical ids of what the plan shows to be replaced or deleted; `None`: it shows nothing.
    pub ends: Option<BTreeSet<String>>,
    /// Logical ids of what values rest on that the plan holds for known.
    pub rests: BTreeSet<String>,
}

/// Where a template is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Template {
    /// The one the stack has.
    #[default]
    Previous,
    /// Here.
    Body(Arc<str>),
    /// In S3.
    Url(String),
    /// In S3 where somebody may write another over it: what CloudFormation has read is compared before it is carried out.
    Loose {
        /// Where.
        url: String,
        /// Its digest by meaning.
        digest: String,
    },
}

/// A parameter to send.
#[derive(Clone, PartialEq)]
pub enum Parameter {
    /// This value, which is never shown.
    Value(String),
    /// What the stack has.
    Previous,
}

impl std::fmt::Debug for Parameter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Parameter::Value(_) => "***",
            Parameter::Previous => "previous value",
        })
    }
}

/// How a stack is deleted. What stands beside the role is done only once a deletion has failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removal {
    /// The service role's ARN.
    pub role: Option<String>,
    /// Resources that are left behind if they cannot be deleted, by logical id.
    pub retain: BTreeSet<String>,
    /// Whatever cannot be deleted is left behind.
    pub force: bool,
    /// Buckets that could not be deleted because something is in them are emptied.
    pub empty_buckets: bool,
    /// The resource has arguments for these.
    pub worded: bool,
    /// The resource's argument that switches the protection off, where it has one.
    pub argument: Option<&'static str>,
    /// Other stacks are told to use what it has made: it is not deleted while one does.
    pub shared: bool,
}

impl Removal {
    /// A deletion that may fail.
    pub fn plain(&self) -> Self {
        Self { role: self.role.clone(), ..Self::default() }
    }
}

/// What an operation is to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The stack is there.
    Created,
    /// It is changed.
    Updated,
    /// It is gone.
    Deleted,
}

/// What becomes of a stack that an earlier try of a creation has left, once nothing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takeover {
    /// It works: it is brought up to date.
    Adopted,
    /// It never completed: it is deleted and made anew.
    Anew,
    /// It completed once, and cannot be updated: it is left to a person.
    Refused,
}

/// What one look at a stack means for who waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Not yet.
    Pending,
    /// The goal is reached.
    Reached,
    /// It ended elsewhere.
    Missed,
}

impl Status {
    /// No operation is going on.
    pub fn settled(&self) -> bool {
        !self.0.ends_with("_IN_PROGRESS") || self.0 == "REVIEW_IN_PROGRESS"
    }

    /// The stack works: its outputs are true and it may be updated.
    pub fn usable(&self) -> bool {
        let complete = [
            "CREATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_ROLLBACK_COMPLETE",
            "IMPORT_COMPLETE",
            "IMPORT_ROLLBACK_COMPLETE",
        ];
        complete.contains(&self.0.as_str())
    }

    /// An update may begin: usable, or failed with rollback switched off.
    pub fn updatable(&self) -> bool {
        self.usable() || self.left_as_it_is()
    }

    /// An operation failed with rollback switched off: what it has done stays, and it can be tried again.
    pub fn left_as_it_is(&self) -> bool {
        ["CREATE_FAILED", "UPDATE_FAILED"].contains(&self.0.as_str())
    }

    /// It never completed, and CloudFormation allows only its deletion.
    pub fn never_completed(&self) -> bool {
        ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", "DELETE_FAILED"]
            .contains(&self.0.as_str())
    }

    /// What a creation does with a stack of its own that is there already. While an operation goes on: what is hoped for.
    pub fn takeover(&self) -> Takeover {
        match self.0.as_str() {
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "REVIEW_IN_PROGRESS" | "CREATE_FAILED" => {
                Takeover::Anew
            }
            _ if self.usable() || !self.settled() => Takeover::Adopted,
            _ => Takeover::Refused,
        }
    }

    /// There is a stack: a deleted one is described for a while still.
    pub fn exists(&self) -> bool {
        self.0 != "DELETE_COMPLETE"
    }

    /// It is being deleted or is deleted.
    pub fn going(&self) -> bool {
        ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"].contains(&self.0.as_str())
    }

    /// What is going on, after "while": "the stack is being created".
    pub fn doing(&self) -> String {
        let what = match self.0.as_str() {
            "CREATE_IN_PROGRESS" => "being created",
            "DELETE_IN_PROGRESS" => "being deleted",
            "ROLLBACK_IN_PROGRESS" => "being rolled back",
            s if s.starts_with("UPDATE_ROLLBACK") => "being rolled back",
            s if s.starts_with("UPDATE") => "being updated",
            s => return format!("the stack is {s}"),
        };
        format!("the stack is {what} ({})", self.0)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `goal` is reached; `None`: the stack does not exist.
pub fn classify(goal: Goal, status: Option<&Status>) -> Verdict {
    let Some(status) = status else {
        return if goal == Goal::Deleted { Verdict::Reached } else { Verdict::Missed };
    };
    let reached = match goal {
        Goal::Created => status.0 == "CREATE_COMPLETE",
        Goal::Updated => status.0 == "UPDATE_COMPLETE",
        Goal::Deleted => status.0 == "DELETE_COMPLETE",
    };
    match (reached, status.settled()) {
        (true, _) => Verdict::Reached,
        (false, false) => Verdict::Pending,
        (false, true) => Verdict::Missed,
    }
}

/// The first cause of a failed operation: its earliest failure that is not a consequence of another. `events` are newest first.
pub fn first_cause(events: &[Event]) -> Option<&Event> {
    let failures =
        events.iter().rev().filter(|e| e.status.ends_with("_FAILED") && e.reason.is_some());
    let consequence = |e: &&Event| {
        e.reason.as_deref().is_some_and(|r| {
            r.contains("cancelled") || r.starts_with("The following resource(s) failed")
        })
    };
    failures.clone().find(|e| !consequence(e)).or_else(|| failures.clone().next())
}

/// The causes among the failures of an operation, oldest first, where the stack's own events name none: everything that was found wrong
/// before anything was touched, else the first resource that failed.
pub fn causes<'a>(failures: &'a [Event], stack: &str) -> Vec<&'a Event> {
    let found: Vec<_> = failures
        .iter()
        .filter(|e| FOUND_WRONG.contains(&e.status.as_str()) && e.reason.is_some())
        .collect();
    if !found.is_empty() {
        return found;
    }
    let own = |e: &&Event| {
        e.physical_id == stack || e.reason.as_deref().is_none_or(|r| r.contains("cancelled"))
    };
    failures.iter().find(|e| e.status.ends_with("_FAILED") && !own(e)).into_iter().collect()
}

/// Statuses of what is found wrong before anything is touched: by CloudFormation's own checks, by a hook of the account.
pub const FOUND_WRONG: [&str; 2] = ["VALIDATION_FAILED", "HOOK_FAILED"];

/// The name inside a stack's ARN; a name stays as it is.
pub fn name_of(id: &str) -> &str {
    Arn::of(id).and_then(|arn| arn.stack_name()).unwrap_or(id)
}

#[cfg(test)]
mod tests;
