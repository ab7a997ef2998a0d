//! The state after an apply: what was planned, with the rest as AWS says it, and what of it came otherwise.

use std::collections::BTreeSet;

use super::seen::look;
use crate::cloudformation::parameters::{HIDDEN, has};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::resources::stack::state::{StackState, Strings, set};
use crate::resources::tags;
use crate::tf::{AttributePath, Diagnostics, Report, Value, known};

/// Sets what is not known yet.
macro_rules! fill {
    ($planned:ident from $seen:ident: $($attribute:ident),*) => {
        $(if $planned.$attribute.is_unknown() {
            $planned.$attribute = $seen.$attribute;
        })*
    };
}

/// A creation that has begun.
pub fn begun(planned: StackState, id: &str, region: &str) -> StackState {
    StackState {
        id: known(id),
        region: known(region),
        status: known(Status::CreateInProgress.as_str()),
        ..planned
    }
}

/// The state after an apply: what was planned, with the rest filled in.
pub fn after(cx: &Cx, mut planned: StackState, stack: &Stack) -> StackState {
    let mut seen = StackState::default();
    look(&mut seen, stack);
    seen.tags_all = tags::seen(&cx.settings, &stack.tags, &planned.tags).1;
    planned.id = stack.id.clone().into();
    planned.outputs = seen.outputs;
    fill!(planned from seen: region, status, parameters, web_host, certificate_arn, admin_email, iam_role_arn,
        enable_termination_protection, url, registry_host, s3_proxy_host, load_balancer_dns_name, load_balancer_zone_id,
        connect_host, connect_load_balancer_dns_name, connect_load_balancer_zone_id, registry_role_arn,
        quilt_version, network_version, admin_password_secret_arn, tags_all);
    if !matches!(&planned.cnames, Value::Value(c) if c.values().all(Value::is_value)) {
        planned.cnames = seen.cnames;
    }
    let settled = |end: &Value<Strings>| matches!(end, Value::Value(end) if end.values().all(Value::is_value));
    if !matches!(&planned.aliases, Value::Value(all) if all.values().all(settled)) {
        planned.aliases = seen.aliases;
    }
    planned
}

/// Compares the stack with what was planned of it.
pub fn check(
    planned: &StackState,
    template: Option<&Template>,
    stack: &Stack,
    d: &mut Diagnostics,
) -> Result<()> {
    as_foreseen(planned, stack)?;
    topics(planned, stack, d);
    unused(planned, template, stack, d);
    Ok(())
}

/// Says that CloudFormation has kept other topics: other ones alone may be nothing to update for it.
fn topics(planned: &StackState, stack: &Stack, d: &mut Diagnostics) {
    if set(&planned.notification_arns) != stack.notification_arns {
        let has = Vec::from_iter(stack.notification_arns.iter().cloned()).join(", ");
        let detail = format!(
            "CloudFormation found nothing to update and keeps the topics that the stack has ({}). They are changed by the next update that changes \
             something else; until then every plan shows the difference.",
            if has.is_empty() { "none" } else { &has }
        );
        d.warn_at(AttributePath::new("notification_arns"), "The topics are not changed", detail);
    }
}

/// Says that CloudFormation has kept the values of parameters that nothing uses.
fn unused(planned: &StackState, template: Option<&Template>, stack: &Stack, d: &mut Diagnostics) {
    let Value::Value(parameters) = &planned.parameters else { return };
    let kept = |(name, value): &(&String, &Value<String>)| {
        let live = stack.parameters.get(*name).filter(|live| *live != HIDDEN);
        let declared = template.and_then(|t| t.parameters.get(*name));
        matches!((value.as_ref_option(), live), (Some(wanted), Some(live)) if !has(declared, live, wanted))
    };
    let names: Vec<_> =
        parameters.iter().filter(kept).map(|(name, _)| format!("`{name}`")).collect();
    if !names.is_empty() {
        let detail = format!(
            "CloudFormation found nothing to update: no resource and no output uses {}. The stack keeps the values it has until an update changes \
             something else, which takes these along.",
            names.join(", ")
        );
        d.warn_at(AttributePath::new("parameters"), "Parameters without effect", detail);
    }
}

/// Refuses outputs that are not what was planned, in our words: Terraform's would call it a bug.
fn as_foreseen(planned: &StackState, stack: &Stack) -> Result<()> {
    let Value::Value(outputs) = &planned.outputs else { return Ok(()) };
    let differs = |name: &&String| match (outputs.get(*name), stack.outputs.get(*name)) {
        (Some(Value::Value(planned)), Some(now)) => planned != now,
        (planned, now) => planned.is_some() != now.is_some(),
    };
    let names: BTreeSet<_> = outputs
        .keys()
        .chain(stack.outputs.keys())
        .filter(differs)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let names = Vec::from_iter(names).join(", ");
    Err(Error::Failed {
        state: format!(
            "The stack is {}, but gives out something else than planned: {names}. Somebody else changed it meanwhile, or CloudFormation found nothing to update.",
            stack.status
        ),
        next: "Plan again: the plan then starts from what the stack has now.".into(),
    })
}
