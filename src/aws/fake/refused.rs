//! What the AWS in memory has found wrong before it touched anything.

use super::Fake;
use crate::cloudformation::stack::Event;
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};

impl Fake {
    /// A resource that validation objects to; the events of stacks do not tell it.
    pub fn objects_to(self, logical_id: &str, reason: &str) -> Self {
        let event = Event { status: "VALIDATION_FAILED".into(), ..Event::default() };
        let event = Event {
            logical_id: logical_id.into(),
            kind: "AWS::S3::Bucket".into(),
            reason: Some(reason.into()),
            ..event
        };
        self.world().refused.push(event);
        self
    }

    /// What validation objected to, whole.
    pub fn objects(self, event: Event) -> Self {
        self.world().refused.push(event);
        self
    }

    /// An event of the stack itself that failures are explained by, in an operation of this id.
    pub fn own_event(self, stack: &str, status: &str, reason: &str, operation: &str) -> Self {
        let (physical_id, reason) = (stack.to_string(), Some(reason.to_string()));
        let event = Event {
            physical_id,
            reason,
            status: status.into(),
            operation: Some(operation.into()),
            ..Event::default()
        };
        self.world().events.insert(0, event);
        self
    }

    pub(super) fn refused_in(&self, call: &'static str, operation: &str) -> Result<Vec<Event>> {
        Ok(self.call(call, operation.into())?.refused.clone())
    }
}

impl Fake {
    /// What the calls that fail say.
    pub fn quotes(self, text: &str) -> Self {
        self.world().quote = Some(text.into());
        self
    }
}

/// A failure in no words of AWS's.
pub fn error(kind: AwsErrorKind) -> Error {
    let (code, message) = (format!("{kind:?}"), "as the test says".into());
    Error::Aws(AwsError { kind, doing: "do that", code, message })
}

/// A failure in the words that the test gives.
pub fn worded(quote: &Option<String>, kind: AwsErrorKind) -> Error {
    match (error(kind), quote) {
        (Error::Aws(e), Some(text)) => Error::Aws(AwsError { message: text.clone(), ..e }),
        (e, _) => e,
    }
}
