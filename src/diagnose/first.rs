//! The first cause of a failed operation, followed into nested stacks.

use crate::aws::Aws;
use crate::cloudformation::prose::{self, Cause};
use crate::cloudformation::stack::{Event, causes, first_cause, is_stack};
use crate::cloudformation::status::{Goal, Status};
use crate::quilt::known::Class;

/// Deepest nesting of stacks that a cause is followed into.
const DEPTH: usize = 6;

/// The first cause of a failure, and what was read on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct First {
    /// The stack that the operation was of: its ARN.
    pub root: String,
    /// The stack that the cause is in, the same or one nested in it.
    pub stack: String,
    /// "Nested/DB (AWS::RDS::DBInstance): reason"; several lines where several things were found wrong.
    pub text: String,
    /// The event that tells it; none where only the checks before an operation do.
    pub event: Option<Event>,
    /// The events of the operation in the cause's stack, newest first.
    pub events: Vec<Event>,
}

impl First {
    /// Where the cause lies, by CloudFormation's words alone.
    pub(super) fn class(&self) -> Option<Class> {
        match prose::cause(&self.text) {
            Some(Cause::Certificate) => Some(Class::Template),
            Some(Cause::Tasks) => Some(Class::Quilt),
            Some(_) => Some(Class::Environment),
            None => self.event.is_none().then_some(Class::Template),
        }
    }
}

/// The first cause of what `goal` was missed by; `None`: the events do not tell, or may not be read.
pub async fn find(aws: &Aws, root: &str, goal: Goal) -> Option<First> {
    match goal {
        Goal::Deleted => undeleted(aws, root, &goal.began()).await,
        _ => followed(aws, root, &goal.began()).await,
    }
}

async fn followed(aws: &Aws, root: &str, began: &Status) -> Option<First> {
    let (mut id, mut path, mut cause) = (root.to_string(), String::new(), None);
    for _ in 0..DEPTH {
        let events = aws.stacks.events(&id, began).await.unwrap_or_default();
        let first = first_cause(&events).cloned();
        let of = |text, event| First {
            root: root.into(),
            stack: id.clone(),
            text,
            event,
            events: events.clone(),
        };
        if first.as_ref().is_none_or(|event| event.physical_id == id)
            && let Some(found) = found_wrong(aws, &id, &events).await
        {
            return Some(of(format!("{path}{found}"), None));
        }
        let Some(event) = first else { break };
        cause = Some(of(format!("{path}{}", as_line(&event)), Some(event.clone())));
        if event.physical_id == id || !is_stack(&event.kind, &event.physical_id) {
            break;
        }
        path = format!("{path}{}/", event.logical_id);
        id = event.physical_id;
    }
    cause
}

/// What failed in the operation of these events, where they themselves do not say. A role that may not ask does without.
async fn found_wrong(aws: &Aws, id: &str, events: &[Event]) -> Option<String> {
    let operation = events.iter().find_map(|e| e.operation.as_deref())?;
    listed(&causes(&aws.stacks.failures(operation).await.ok()?, id))
}

/// Every resource that could not be deleted.
async fn undeleted(aws: &Aws, id: &str, began: &Status) -> Option<First> {
    let events = aws.stacks.events(id, began).await.ok()?;
    let failed: Vec<_> = events
        .iter()
        .rev()
        .filter(|e| e.status == Status::DeleteFailed && e.physical_id != id)
        .cloned()
        .collect();
    let text = failed.iter().map(as_line).collect::<Vec<_>>().join("\n");
    let event = Some(failed.into_iter().next()?);
    Some(First { root: id.into(), stack: id.into(), text, event, events })
}

/// Causes, one a line; `None`: there is none.
pub fn listed(causes: &[&Event]) -> Option<String> {
    (!causes.is_empty())
        .then(|| causes.iter().map(|event| as_line(event)).collect::<Vec<_>>().join("\n"))
}

/// "DB (AWS::RDS::DBInstance): reason".
pub fn as_line(e: &Event) -> String {
    let kind = if e.kind.is_empty() { String::new() } else { format!(" ({})", e.kind) };
    format!("{}{kind}: {}", e.logical_id, e.reason.as_deref().unwrap_or("no reason given").trim())
}
