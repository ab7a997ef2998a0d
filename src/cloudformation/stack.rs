//! What a CloudFormation stack is, what can be asked of one, and why an operation on one failed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::arn::Arn;
use super::changes::NESTED;
use super::prose;
use super::stack_policy::Policies;
use super::status::Status;

/// A stack as CloudFormation describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stack {
    /// The ARN: another creation of the same name gets another.
    pub id: String,
    /// What people call it; free again after a deletion.
    pub name: String,
    /// How its last operation stands.
    pub status: Status,
    /// CloudFormation's reason for the status.
    pub reason: Option<String>,
    /// What its template says that it is.
    pub description: Option<String>,
    /// What the template gives out; empty before a creation is complete.
    pub outputs: BTreeMap<String, String>,
    /// Parameters; secret ones are `****`.
    pub parameters: BTreeMap<String, String>,
    /// Tags, those of AWS itself left out.
    pub tags: BTreeMap<String, String>,
    /// What Service Catalog calls it, where it launched it: the id of the provisioned product, as `pp-…`.
    pub provisioned_product: Option<String>,
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
    /// CloudFormation refuses its deletion.
    pub protected: bool,
    /// It is part of another stack.
    pub nested: bool,
    /// When it was changed last, RFC 3339; of its creation when never. Changes whenever template or parameters may have.
    pub changed_at: String,
    /// When its last creation, update or deletion began, in milliseconds since 1970.
    pub moved_at: i64,
}

/// How a stack began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Creation {
    /// The token of the call.
    pub token: Option<String>,
    /// How long ago it completed; `None`: it did not, or that is not told.
    pub age: Option<Duration>,
}

impl Creation {
    /// Whoever makes tokens that begin so has begun it.
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
    /// What the resource came to at that moment.
    pub status: Status,
    /// CloudFormation's reason for the status.
    pub reason: Option<String>,
    /// The ClientRequestToken of the operation: whose it is.
    pub token: Option<String>,
    /// CloudFormation's own id of the operation, where it tells one.
    pub operation: Option<String>,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The invocation of a hook that failed.
    pub hook: Option<String>,
}

/// A resource of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// What the template calls it.
    pub logical_id: String,
    /// Its type, as `AWS::RDS::DBInstance`.
    pub kind: String,
    /// Its id in AWS; empty before it is made.
    pub physical_id: String,
    /// How it stands now.
    pub status: Status,
    /// CloudFormation's reason for the status.
    pub reason: Option<String>,
}

/// What is asked of CloudFormation for a creation or an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// What the stack is called.
    pub name: String,
    /// The template, or where CloudFormation finds it.
    pub template: Template,
    /// A value for each parameter, or the word that it keeps the one it has.
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
    /// This text, which goes with the call: up to 51,200 bytes.
    Body(Arc<str>),
    /// At this address in S3.
    Url(String),
    /// In S3 where somebody may write another over it: what CloudFormation has read is compared before it is carried out.
    Loose {
        /// Its address in S3.
        url: String,
        /// What it meant when it was planned, as a digest.
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

/// Which resources count as rolled back when a rollback is continued, whatever they are then.
#[derive(Clone, Debug, PartialEq)]
pub enum Skip {
    /// These, by logical id; those of a nested stack as `<name of the nested stack>.<logical id>`.
    Named(BTreeSet<String>),
    /// Every one that could not be rolled back, those of nested stacks too.
    Forced,
}

impl Default for Skip {
    fn default() -> Self {
        Self::Named(BTreeSet::new())
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
    /// The resource's arguments that switch a protection off.
    pub arguments: &'static [&'static str],
    /// Other stacks are told to use what it has made: it is not deleted while one does.
    pub shared: bool,
}

impl Removal {
    /// A deletion that may fail.
    pub fn plain(&self) -> Self {
        Self { role: self.role.clone(), ..Self::default() }
    }
}

/// The first cause of a failed operation: its earliest failure that is not a consequence of another. `events` are newest first.
pub fn first_cause(events: &[Event]) -> Option<&Event> {
    let failures = events.iter().rev().filter(|e| e.status.failed() && e.reason.is_some());
    let consequence = |e: &&Event| e.reason.as_deref().is_some_and(prose::is_consequence);
    failures.clone().find(|e| !consequence(e)).or_else(|| failures.clone().next())
}

/// The causes among the failures of an operation, oldest first, where the stack's own events name none: everything that was found wrong
/// before anything was touched, else the first resource that failed.
pub fn causes<'a>(failures: &'a [Event], stack: &str) -> Vec<&'a Event> {
    let found: Vec<_> =
        failures.iter().filter(|e| e.status.found_wrong() && e.reason.is_some()).collect();
    if !found.is_empty() {
        return found;
    }
    let own =
        |e: &&Event| e.physical_id == stack || e.reason.as_deref().is_none_or(prose::is_cancelled);
    failures.iter().find(|e| e.status.failed() && !own(e)).into_iter().collect()
}

/// How many resources of a stack are done with, and which are under way: "11 of 34 resources, now DB and Search".
pub fn count(parts: &[Part]) -> String {
    let there: Vec<_> = parts.iter().filter(|part| part.status.exists()).collect();
    let now: Vec<_> = there.iter().filter(|part| !part.status.settled()).collect();
    let done = there.iter().filter(|part| part.status.settled() && !part.status.failed()).count();
    let named: Vec<_> = now.iter().take(2).map(|part| part.logical_id.as_str()).collect();
    let now = match (named.len(), now.len() - named.len()) {
        (0, _) => String::new(),
        (_, 0) => format!(", now {}", named.join(" and ")),
        (_, more) => format!(", now {} and {more} more", named.join(", ")),
    };
    format!("{done} of {} resources{now}", there.len())
}

/// A resource of this type and id is a nested stack that was made.
pub fn is_stack(kind: &str, physical_id: &str) -> bool {
    kind == NESTED && Arn::of(physical_id).is_some()
}

/// The name inside a stack's ARN; a name stays as it is.
pub fn name_of(id: &str) -> &str {
    Arn::of(id).and_then(|arn| arn.stack_name()).unwrap_or(id)
}

#[cfg(test)]
mod tests;
