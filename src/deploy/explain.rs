//! Failed operations in words: the first cause, where the stack stands, what to do next.

use std::time::Duration;

use tokio::time::timeout;

use super::{Deploy, cure, name_of};
use crate::cloudformation::arn::Arn;
use crate::cloudformation::changes::Judged;
use crate::cloudformation::partition;
use crate::cloudformation::stack::{Event, Part, Removal, Stack, causes, first_cause, is_stack};
use crate::cloudformation::stack_policy::Barred;
use crate::cloudformation::status::{Goal, Status};
use crate::cloudformation::stuck::words_for_deletion;
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};
use crate::tf::AttributePath;
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
            cause = Some(format!("{path}{}", told(event)));
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
            .map(told)
            .collect();
        (!failed.is_empty()).then(|| failed.join("\n"))
    }
}

fn told(e: &Event) -> String {
    let kind = if e.kind.is_empty() { String::new() } else { format!(" ({})", e.kind) };
    format!("{}{kind}: {}", e.logical_id, e.reason.as_deref().unwrap_or("no reason given").trim())
}

/// Causes, one a line; `None`: there is none.
fn listed(causes: &[&Event]) -> Option<String> {
    (!causes.is_empty())
        .then(|| causes.iter().map(|event| told(event)).collect::<Vec<_>>().join("\n"))
}

/// Resources that an update could not delete, one a line, with their ids in AWS.
pub(super) fn listed_with_ids(left: &[&Event]) -> String {
    let one = |e: &&Event| format!("- {} {}", e.physical_id, told(e)).replace("-  ", "- ");
    left.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn sentence(text: &str) -> String {
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

/// A stack of that name which this configuration did not begin.
pub(super) fn not_ours(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "A stack named {} exists already ({}), and this configuration did not begin it: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "Choose another name, or take it over by importing it:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A stack of ours that completed once, and cannot be updated as it stands.
pub fn not_adopted(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "An earlier apply of this configuration began the stack {} ({}). It completed once, and CloudFormation does not update it in this \
             state: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "Take it over by importing it; the plan then says what can be done:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A stack of ours that completed long ago.
pub(super) fn too_old(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "An apply of this configuration made the stack {} ({}) more than three days ago, and the state does not hold it: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "If its block was renamed, write a `moved` block. If the state was lost, take it over by importing it:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A complete stack of an owner that two machines may share.
pub(super) fn of_any_machine(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} exists already ({}). The state lies on this machine, which has neither an id nor a name of its own, so another one \
             may have made it: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "Set `owner` in the provider block, or take the stack over by importing it:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A stack of ours that came where the plan saw none, or saw another one go.
pub(super) fn unplanned(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} exists ({}), and the plan did not take it over: {}. Nothing was changed.",
            stack.name, stack.status, stack.id
        ),
        next: "Plan again: another apply may have made it since. Where another block of this configuration holds it, write a `moved` block or \
               give this one another name. `create_before_destroy` cannot make a second stack of one name: take it out of this resource's \
               `lifecycle`."
            .into(),
    }
}

/// A stack that the state of this configuration holds.
pub(super) fn held(stack: &Stack) -> Error {
    Error::Failed {
        state: format!("The stack {} is in the state already, in another object: {}. Nothing was changed.", stack.name, stack.id),
        next: "Two stacks cannot have one name at once. If this resource is replaced: take `create_before_destroy` out of its `lifecycle`. If its block \
               was renamed: write a `moved` block. Otherwise give it another name."
            .into(),
    }
}

/// Another stack than the one that the plan saw.
pub(super) fn another(stack: &Stack, seen: &str) -> Error {
    Error::Failed {
        state: format!(
            "The plan was to take over the stack {seen}. By now another one has its name: {}. Nothing was changed.",
            stack.id
        ),
        next: "Plan again.".into(),
    }
}

/// The stack that the plan was to take over is gone.
pub(super) fn left_is_gone(name: &str) -> Error {
    Error::Failed {
        state: format!(
            "The plan was to take over the stack {name}, and it is gone by now. Nothing was changed."
        ),
        next: "Plan again: it is then made anew.".into(),
    }
}

/// The block that takes a stack over.
fn import(name: &str) -> String {
    format!("import {{\n  to = <the address of this resource>\n  id = \"{name}\"\n}}")
}

/// An update that would replace or delete what holds data. `by_name`: the configuration can allow that.
pub(super) fn refused(refused: &[&Judged], by_name: bool) -> Error {
    let (listed, ids) = (
        refused.iter().map(|j| format!("- {}", j.sentence())),
        refused.iter().map(|j| format!("{:?}", j.change.logical_id)),
    );
    let back = "Change back what asks for it.";
    let next = match by_name {
        true => {
            let ids = ids.collect::<Vec<_>>().join(", ");
            format!(
                "{back} If it is meant, and what it holds is safe elsewhere, allow it by name:\n\n  allow_replacement = [{ids}]"
            )
        }
        false => format!("{back} This resource never replaces or deletes what holds data."),
    };
    let state = "The update would replace or delete what holds data, or what others depend on:";
    Error::Failed {
        state: format!("{state}\n{}\nNothing was changed.", listed.collect::<Vec<_>>().join("\n")),
        next,
    }
}

/// What no stack policy around the update allows.
pub(super) fn barred(barred: &Barred) -> Error {
    let Barred { resource, action, why, new } = barred;
    let both = if *new {
        "neither the stack policy that the stack has nor the new one lets"
    } else {
        "the stack policy does not let"
    };
    let of = if *new { "of the new one, " } else { "" };
    Error::Failed {
        state: format!(
            "The update needs {action} of {resource}, which {both} happen: {of}{why}. Nothing was changed."
        ),
        next: format!(
            "Take back what changes it, or allow {action} of it in `policy_body`: a policy that is loosened in the same apply goes first."
        ),
    }
}

/// The update failed, and the policy from before could not be set again.
pub(super) fn loose(e: Error) -> Error {
    match e {
        Error::Failed { state, next } => {
            let loose = "The stack policy was loosened for it and could not be set back: the stack has the new one.";
            Error::Failed { state: format!("{state}\n{loose}"), next }
        }
        e => e,
    }
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

/// The change set is gone, or its state is another one: somebody else carried it out or outdated it.
pub(super) fn taken(kind: AwsErrorKind) -> Error {
    let message = "somebody else has carried it out, outdated or deleted it".into();
    Error::Aws(AwsError { kind, doing: "keep the change set", code: String::new(), message })
}

/// What the update would do is more than the plan shows, which was `compared` with the stack or not.
pub(super) fn unshown(found: &[&Judged], compared: bool) -> Option<Error> {
    let (why, then) = match compared {
        true => (
            "Somebody changed the stack meanwhile.",
            "the plan then starts from what the stack has now, and shows this.",
        ),
        false => (
            "The plan was made without a preview.",
            "the plan then leaves open what rests on it, and its apply goes on.",
        ),
    };
    let named: Vec<_> =
        found.iter().map(|j| format!("{} ({})", j.change.logical_id, j.change.kind)).collect();
    (!named.is_empty()).then(|| Error::Failed {
        state: format!("The update would replace or delete what the plan holds for safe: {}. {why} Nothing was changed.", named.join(", ")),
        next: format!("Plan again: {then}"),
    })
}

/// A rollback that was continued and failed again.
pub(super) fn still_stuck(stack: &Stack, parts: &[Part]) -> Error {
    Error::Failed {
        state: format!(
            "The rollback was continued and failed again ({}).\nNot rolled back:\n{}",
            stack.status,
            named(parts)
        ),
        next: format!(
            "Remove the cause, or skip them with `rollback_resources_to_skip`, then apply again.\nEvents: {}",
            console(&stack.id)
        ),
    }
}

/// Resources, one a line, with what stands in their way.
pub fn named(parts: &[Part]) -> String {
    let one = |p: &Part| {
        format!(
            "{} ({}): {}",
            p.logical_id,
            p.kind,
            p.reason.as_deref().unwrap_or("no reason given")
        )
    };
    parts.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The configuration names a stack that is not there.
pub(super) fn no_such(at: &'static str, name: &str, region: &str) -> Error {
    let fix = "Give the name of a stack in this region, or the ARN of one in another.";
    Error::config(AttributePath::new(at), format!("There is no stack {name} in {region}."), fix)
}

/// The stack is not there any more.
pub(super) fn gone(id: &str) -> Error {
    Error::Failed {
        state: format!("The stack {} is gone: it was deleted outside of Terraform.", name_of(id)),
        next: "Plan again: it is then made anew.".into(),
    }
}

/// The page of a stack's events in the AWS console; where its address is not known, the stack.
fn console(id: &str) -> String {
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
