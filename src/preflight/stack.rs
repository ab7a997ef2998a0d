//! The stack: its name, where it stands if it is there already, and what CloudFormation has found wrong in its change sets.

use futures_util::future::join_all;

use super::{Scene, Verdict};
use crate::cloudformation::arn::region_of;
use crate::cloudformation::stack::{Event, Stack};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::names;

const INPUT: &str = "stack_name";

/// The name of a stack that is to be made for Quilt.
pub fn name(scene: &Scene<'_>) -> Option<Verdict> {
    let name = scene.intent.stack_name.as_ref().filter(|name| region_of(name).is_none())?;
    Some(match names::check_object_name(name) {
        Ok(()) => Verdict::pass(format!("Everything can be named after {name}.")),
        Err(why) => Verdict::fail(INPUT, "The name is not one for Quilt", why, ""),
    })
}

/// The name, where CloudFormation takes it for one.
pub(super) fn askable<'a>(scene: &'a Scene<'_>) -> Option<&'a String> {
    let name = scene.intent.stack_name.as_ref()?;
    (region_of(name).is_some() || names::check_stack_name(name).is_ok()).then_some(name)
}

/// Looks at a stack of this name.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(name) = askable(scene) else { return Ok(None) };
    Ok(Some(judge(name, scene.aws.stacks.find(name).await?.as_ref())))
}

fn judge(name: &str, found: Option<&Stack>) -> Verdict {
    let Some(stack) = found else {
        return Verdict::pass(format!("There is no stack {name} yet."));
    };
    let status = &stack.status;
    if status.usable() {
        return Verdict::pass(format!("The stack {name} is there ({status}) and can be updated."));
    }
    let fail = |fix: String| {
        let found = format!("The stack {name} is {status}, and cannot be updated so.");
        Verdict::fail(INPUT, "The stack cannot be updated", found, fix)
    };
    if !status.settled() {
        return fail("Wait for the end of what is going on.".into());
    }
    if status.never_completed() || status.going() {
        return fail(format!("Delete it: `aws cloudformation delete-stack --stack-name {name}`."));
    }
    let resume = match status.left_as_it_is() {
        true => "rollback-stack",
        false => "continue-update-rollback",
    };
    fail(format!("Bring it back: `aws cloudformation {resume} --stack-name {name}`."))
}

/// Reads what CloudFormation objects to in each change set of the stack.
pub async fn objections(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(name) = askable(scene) else { return Ok(None) };
    let stacks = &scene.aws.stacks;
    let sets = match stacks.proposals(name).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(None),
        sets => sets?,
    };
    if sets.is_empty() {
        return Ok(None);
    }
    let reads = sets.iter().map(|set| async move {
        stacks.validation(name, set).await.map(|events| (set.as_str(), events))
    });
    let read = join_all(reads).await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(Some(judge_sets(&read)))
}

fn judge_sets(sets: &[(&str, Vec<Event>)]) -> Verdict {
    let told = |(set, events): &(&str, Vec<Event>)| {
        let of = |event: &Event| {
            let reason = event.reason.as_deref().unwrap_or_default().trim_end_matches('.');
            format!("{set}: {} ({}): {reason}.", event.logical_id, event.kind)
        };
        events.iter().map(of).collect::<Vec<_>>()
    };
    let all: Vec<_> = sets.iter().flat_map(told).collect();
    if all.is_empty() {
        let names: Vec<_> = sets.iter().map(|(name, _)| *name).collect();
        return Verdict::pass(format!(
            "CloudFormation objects to nothing in {}.",
            names.join(", ")
        ));
    }
    let fix = "Free the names, empty the buckets or raise the quotas that are named, or change the template.";
    Verdict::fail(INPUT, "CloudFormation objects to a change set", all.join(" "), fix)
}
