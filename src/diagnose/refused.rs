//! Calls of the stack's own roles that AWS refused around the failure.

use std::collections::BTreeSet;

use super::{About, Finding, First, Look, function, task, words};
use crate::aws::cloudtrail::Refused;
use crate::aws::logs::Window;
use crate::cloudformation::arn::Arn;

/// How long before and after a failure is looked, in milliseconds.
const AROUND: (i64, i64) = (5 * 60 * 1000, 2 * 60 * 1000);
/// Calls that are told at most.
const MOST: usize = 5;
/// The type of IAM's roles.
const ROLE: &str = "AWS::IAM::Role";

/// What CloudTrail tells. A failed resource's own call stands in its reason: this is for what acts by itself, and for what was not allowed.
pub(super) async fn look(look: &Look<'_>, first: &First) -> Option<Finding> {
    let event = first.event.as_ref()?;
    if !task::may_be_refused(first) && !function::is_custom(&event.kind) {
        return None;
    }
    let roles = roles(look, first).await;
    let window = Window { from: event.at - AROUND.0, to: event.at + AROUND.1 };
    let found = look.aws.trail.refused(window).await.ok()?;
    let own = found.iter().filter(|call| role(call).is_some_and(|name| roles.contains(name)));
    let told: Vec<_> = own.map(|call| look.veil.strike(&line(call))).collect();
    let mut seen = BTreeSet::new();
    let details: Vec<_> =
        told.into_iter().filter(|line| seen.insert(line.clone())).take(MOST).collect();
    (!details.is_empty()).then(|| Finding {
        about: About::RefusedCalls,
        what: "AWS refused calls of the stack's own roles around then. CloudTrail tells of them up to 15 minutes later, so there may be more:".into(),
        details,
        log: None,
        link: None,
    })
}

/// The names of the stack's roles.
async fn roles(look: &Look<'_>, first: &First) -> BTreeSet<String> {
    let mut stacks = vec![&first.root];
    if first.stack != first.root {
        stacks.push(&first.stack);
    }
    let mut roles = BTreeSet::new();
    for stack in stacks {
        let parts = look.aws.stacks.parts(stack).await.unwrap_or_default();
        roles.extend(parts.into_iter().filter(|p| p.kind == ROLE).map(|p| p.physical_id));
    }
    let made = first.events.iter().filter(|event| event.kind == ROLE);
    roles.extend(made.map(|event| event.physical_id.clone()));
    roles
}

/// The name of the role that a call was made with.
fn role(call: &Refused) -> Option<&str> {
    if let Some(path) = Arn::of(&call.role).and_then(|arn| arn.named("iam", "role/")) {
        return path.rsplit('/').next();
    }
    Arn::of(&call.caller)?.named("sts", "assumed-role/")?.split('/').next()
}

fn line(call: &Refused) -> String {
    let name = role(call).unwrap_or_default();
    let said = if call.message.is_empty() { &call.code } else { &call.message };
    format!("{} by {name}: {}", call.call, words::sentence(said))
}
