//! What a CloudFormation stack is, what can be asked of one, and what its status means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
}

/// A CloudFormation status, as `UPDATE_ROLLBACK_IN_PROGRESS`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status(pub String);

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
    /// Tags; `None` leaves them.
    pub tags: Option<BTreeMap<String, String>>,
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

/// How a stack is deleted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removal {
    /// The service role's ARN.
    pub role: Option<String>,
}
