//! Why an operation failed: the first cause, where the stack stands, what to do next.

use std::time::Duration;

use tokio::time::timeout;

use super::{Deploy, cure};
use crate::cloudformation::arn::Arn;
use crate::cloudformation::partition;
use crate::cloudformation::stack::{Event, Removal, Stack, causes, first_cause, is_stack};
use crate::cloudformation::status::{Goal, Status};
use crate::cloudformation::stuck::words_for_deletion;
use crate::outcome::{Error, Result};
use crate::wait::last;

/// Deepest nesting of stacks that a cause is followed into.
const DEPTH: usize = 6;
/// How long events are asked for: a failure without its cause is better than no end.
const PATIENCE: Duration = Duration::from_secs(30);

impl Deploy<'_> {
    /// Why `goal` was missed, from the events of the operation.
    pub(super) async fn failure(&self, goal: Goal, stack: &Stack) -> Error {
        let cause = async {
            match goal {
                Goal::Deleted => self.undeleted(&stack.id, &goal.began()).await,
                _ => self.cause(&stack.id, &goal.began()).await,
            }
        };
        let cause = tokio::select! {
            cause = cause => cause,
            _ = timeout(PATIENCE, self.cx.stop.cancelled()) => None,
        };
        let cause = cause
            .or_else(|| stack.reason.clone())
            .unwrap_or_else(|| "CloudFormation gives no reason".into());
        let (state, next) = words(goal, &stack.status);
        let next = cure::of(&cause).unwrap_or(next);
        let events = format!("Events: {}", console(&stack.id));
        Error::Failed {
            state: format!("{state} ({}).\nFirst cause: {}", stack.status, sentence(&cause)),
            next: format!("{next}\n{events}"),
        }
    }

    /// Why a stack could not be deleted, with the words that the next deletion could be given.
    pub(super) async fn undeletable(&self, stack: &Stack, removal: &Removal) -> Error {
        let failure = self.failure(Goal::Deleted, stack).await;
        let (true, Error::Failed { state, next }) =
            (removal.worded && stack.status == Status::DeleteFailed, &failure)
        else {
            return failure;
        };
        let (own, all) = (
            self.aws.stacks.parts(&stack.id).await.unwrap_or_default(),
            self.parts(&stack.id).await.unwrap_or_default(),
        );
        let words = words_for_deletion(&own, &all, removal.empty_buckets);
        if words.is_empty() {
            return failure;
        }
        let how = "Or say what is to become of them: write one of these into the resource (put its block back if you took it out), run \
                   `terraform apply`, which only takes note of it, and destroy again:";
        Error::Failed {
            state: state.clone(),
            next: format!("{next}\n\n{how}\n\n  {}", words.join("\n  ")),
        }
    }

    /// The first cause, followed into nested stacks: "DB (AWS::RDS::DBInstance): reason".
    async fn cause(&self, id: &str, began: &Status) -> Option<String> {
        let (mut id, mut path, mut cause) = (id.to_string(), String::new(), None);
        for _ in 0..DEPTH {
            let events = self.aws.stacks.events(&id, began).await.unwrap_or_default();
            let first = first_cause(&events);
            if first.is_none_or(|event| event.physical_id == id)
                && let Some(found) = self.found_wrong(&id, &events).await
            {
                return Some(format!("{path}{found}"));
            }
            let Some(event) = first else { break };
            cause = Some(format!("{path}{}", as_line(event)));
            if event.physical_id == id || !is_stack(&event.kind, &event.physical_id) {
                break;
            }
            path = format!("{path}{}/", event.logical_id);
            id = event.physical_id.clone();
        }
        cause
    }

    /// What failed in the operation of these events, where they themselves do not say. A role that may not ask does without.
    async fn found_wrong(&self, id: &str, events: &[Event]) -> Option<String> {
        let operation = events.iter().find_map(|e| e.operation.as_deref())?;
        listed(&causes(&self.aws.stacks.failures(operation).await.ok()?, id))
    }

    /// CloudFormation found the update impossible before it touched anything.
    pub(super) async fn impossible(&self, stack: &Stack, set: &str, reason: &str) -> Error {
        let found = last(self.cx, self.aws.stacks.objections(&stack.id, set))
            .await
            .and_then(Result::ok)
            .unwrap_or_default();
        impossible(&listed(&causes(&found, &stack.id)).unwrap_or_else(|| reason.trim().to_string()))
    }

    /// Every resource that could not be deleted.
    async fn undeleted(&self, id: &str, began: &Status) -> Option<String> {
        let events = self.aws.stacks.events(id, began).await.ok()?;
        let failed: Vec<_> = events
            .iter()
            .rev()
            .filter(|e| e.status == Status::DeleteFailed && e.physical_id != id)
            .map(as_line)
            .collect();
        (!failed.is_empty()).then(|| failed.join("\n"))
    }
}

fn as_line(e: &Event) -> String {
    let kind = if e.kind.is_empty() { String::new() } else { format!(" ({})", e.kind) };
    format!("{}{kind}: {}", e.logical_id, e.reason.as_deref().unwrap_or("no reason given").trim())
}

fn impossible(reason: &str) -> Error {
    let next =
        cure::of(reason).unwrap_or("Correct the configuration or the template and apply again.");
    Error::Failed {
        state: format!(
            "CloudFormation finds the update impossible: {}\nNothing was changed.",
            sentence(reason)
        ),
        next: next.into(),
    }
}

/// Causes, one a line; `None`: there is none.
fn listed(causes: &[&Event]) -> Option<String> {
    (!causes.is_empty())
        .then(|| causes.iter().map(|event| as_line(event)).collect::<Vec<_>>().join("\n"))
}

/// Resources that an update could not delete, one a line, with their ids in AWS.
pub(super) fn listed_with_ids(left: &[&Event]) -> String {
    let one = |e: &&Event| format!("- {} {}", e.physical_id, as_line(e)).replace("-  ", "- ");
    left.iter().map(one).collect::<Vec<_>>().join("\n")
}

pub(super) fn sentence(text: &str) -> String {
    if text.ends_with('.') || text.ends_with(')') { text.to_string() } else { format!("{text}.") }
}

/// Where the stack stands, and what to do next.
fn words(goal: Goal, status: &Status) -> (&'static str, &'static str) {
    match (goal, status) {
        (Goal::Created, Status::DeleteComplete) => (
            "The creation failed and CloudFormation deleted the stack, as `on_failure` asks",
            "Fix the cause and apply again.",
        ),
        (Goal::Created, Status::CreateFailed) => (
            "The creation failed and the stack was left as it is",
            "Fix the cause and apply again: the stack is then made anew.",
        ),
        (Goal::Created, _) => (
            "CloudFormation rolled the creation back",
            "Fix the cause and apply again: the remains are deleted and the stack is made anew.",
        ),
        (Goal::Updated, Status::UpdateRollbackComplete) => (
            "CloudFormation rolled the update back; the stack is as it was before",
            "Fix the cause and apply again.",
        ),
        (Goal::Updated, Status::UpdateFailed) => {
            ("The update failed and was not rolled back", "Fix the cause and apply again.")
        }
        (Goal::Updated, Status::UpdateRollbackFailed) => (
            "The update failed, and so did its rollback",
            "Plan again: the plan says what could not be rolled back, and how to go on.",
        ),
        (Goal::Updated, _) => (
            "CloudFormation does not update a stack in this state",
            "Plan again: the plan says what can be done.",
        ),
        (Goal::Deleted, _) => (
            "Some resources could not be deleted; everything else is gone",
            "Clear what holds them (a bucket that is not empty, an export in use, a protected database), then destroy again.",
        ),
    }
}

/// The page of a stack's events in the AWS console; where its address is not known, the stack.
pub(super) fn console(id: &str) -> String {
    let arn = Arn::of(id);
    let host =
        arn.and_then(|arn| partition::named(arn.partition)).and_then(|partition| partition.console);
    let (Some(region), Some(host)) = (arn.and_then(|arn| arn.region()), host) else {
        return id.into();
    };
    let id = id.replace(':', "%3A").replace('/', "%2F");
    format!(
        "https://{region}.{host}/cloudformation/home?region={region}#/stacks/events?stackId={id}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_aws_has_its_own_console() {
        let page = |partition: &str, region: &str| {
            console(&format!("arn:{partition}:cloudformation:{region}:1:stack/prod/1"))
        };
        for (partition, region, host) in [
            ("aws", "eu-west-1", "https://eu-west-1.console.aws.amazon.com/"),
            ("aws-cn", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
            ("aws-us-gov", "us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
            ("aws-eusc", "eusc-de-east-1", "https://eusc-de-east-1.console.amazonaws-eusc.eu/"),
            ("aws-iso", "us-iso-east-1", "arn:aws-iso:"),
        ] {
            assert!(page(partition, region).starts_with(host), "{}", page(partition, region));
        }
    }
}
