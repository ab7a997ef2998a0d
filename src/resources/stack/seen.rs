//! What AWS says of a stack, as state: after an apply, at a refresh, at an import.

use std::collections::{BTreeMap, BTreeSet};

use super::order::{SHORTHANDS, set};
use super::{StackPrivate, StackState, Strings};
use crate::cloudformation::changes::{Judged, lines};
use crate::cloudformation::parameters::{HIDDEN, has};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cloudformation::template::{Template, digest, given_back};
use crate::cx::Cx;
use crate::deploy::{Deploy, region_of};
use crate::outcome::{Error, Result};
use crate::quilt::hosts::{Hosts, bare};
use crate::quilt::version;
use crate::resources::tags;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

/// When a stack's template and parameters were last changed; empty while they may still change.
pub fn moment(stack: &Stack) -> String {
    if stack.status.settled() {
        format!("{} {}", stack.changed_at, stack.status)
    } else {
        String::new()
    }
}

/// Notes what the stack has.
pub fn remember(private: &mut StackPrivate, stack: &Stack) {
    private.seen = moment(stack);
    private.parameters = stack.parameters.clone();
}

pub(super) fn strings(map: &BTreeMap<String, String>) -> Value<Strings> {
    Value::Value(map.iter().map(|(k, v)| (k.clone(), v.clone().into())).collect())
}

/// Sets what is not known yet.
fn fill<T>(slot: &mut Value<T>, value: Value<T>) {
    if matches!(slot, Value::Unknown) {
        *slot = value;
    }
}

/// A creation that has begun.
pub fn begun(planned: StackState, id: &str, region: &str) -> StackState {
    StackState {
        id: id.to_string().into(),
        region: region.to_string().into(),
        status: Status::CreateInProgress.to_string().into(),
        ..planned
    }
}

/// What the update did, where it did anything; else what the one before did.
pub fn changed(
    mut planned: StackState,
    before: Value<Vec<Value<String>>>,
    changes: Option<&[Judged]>,
) -> StackState {
    let told = changes
        .map_or(before, |judged| Value::Value(lines(judged).into_iter().map(Into::into).collect()));
    fill(&mut planned.planned_changes, told);
    planned
}

/// The state after an apply: what was planned, with the rest filled in.
pub fn after(cx: &Cx, mut planned: StackState, stack: &Stack) -> StackState {
    let mut seen = StackState::default();
    look(&mut seen, stack);
    let (_, tags_all) = tags::seen(&cx.settings, &stack.tags, &planned.tags);
    planned.id = stack.id.clone().into();
    fill(&mut planned.region, seen.region);
    fill(&mut planned.status, seen.status);
    planned.outputs = seen.outputs;
    fill(&mut planned.parameters, Value::Null);
    fill(&mut planned.web_host, seen.web_host);
    fill(&mut planned.certificate_arn, seen.certificate_arn);
    fill(&mut planned.admin_email, seen.admin_email);
    fill(&mut planned.iam_role_arn, seen.iam_role_arn);
    fill(&mut planned.enable_termination_protection, stack.protected.into());
    fill(&mut planned.url, seen.url);
    fill(&mut planned.registry_host, seen.registry_host);
    fill(&mut planned.s3_proxy_host, seen.s3_proxy_host);
    fill(&mut planned.load_balancer_dns_name, seen.load_balancer_dns_name);
    fill(&mut planned.registry_role_arn, seen.registry_role_arn);
    fill(&mut planned.quilt_version, seen.quilt_version);
    fill(&mut planned.network_version, seen.network_version);
    fill(&mut planned.admin_password_secret_arn, Value::Null);
    fill(&mut planned.tags_all, tags_all);
    fill(&mut planned.planned_changes, Value::Null);
    if !matches!(&planned.cnames, Value::Value(c) if c.values().all(Value::is_value)) {
        planned.cnames = seen.cnames;
    }
    planned
}

/// Says that CloudFormation has kept other topics: other ones alone may be nothing to update for it.
pub fn topics(planned: &StackState, stack: &Stack, d: &mut Diagnostics) {
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
pub fn unused(
    planned: &StackState,
    template: Option<&Template>,
    stack: &Stack,
    d: &mut Diagnostics,
) {
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
pub fn as_foreseen(planned: &StackState, stack: &Stack) -> Result<()> {
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

/// The state at a refresh. The template is fetched only when the stack was changed since it was last looked at.
pub async fn read(
    cx: &Cx,
    deploy: &Deploy<'_>,
    mut state: StackState,
    stack: &Stack,
    private: &mut StackPrivate,
) -> Result<StackState> {
    let moment = moment(stack);
    if !moment.is_empty() && moment != private.seen {
        let text = deploy.aws.stacks.template(&stack.id).await?;
        let found = digest(&text);
        // What it gives back of the template that it was given is no other template.
        if found != private.given_back {
            let body = state.template_body.as_ref_option();
            if body.is_some_and(|b| digest(b) != found && digest(&given_back(b)) != found) {
                state.template_body = text.into();
            }
            state.template_sha256 = found.into();
        }
        private.held.clear();
    }
    if let Value::Value(parameters) = &mut state.parameters {
        refresh(parameters, &stack.parameters, &private.parameters);
    }
    remember(private, stack);
    look(&mut state, stack);
    (state.tags, state.tags_all) = tags::seen(&cx.settings, &stack.tags, &state.tags);
    if matches!(state.capabilities, Value::Null) {
        state.capabilities = capabilities(stack);
    }
    let topics = Set(stack.notification_arns.iter().map(|t| t.clone().into()).collect());
    if !stack.notification_arns.is_empty()
        || matches!(&state.notification_arns, Value::Value(s) if !s.0.is_empty())
    {
        state.notification_arns =
            if stack.notification_arns.is_empty() { Value::Null } else { topics.into() };
    }
    Ok(state)
}

/// Parameters that the configuration manages, as they are now. One stays as it was written if it is secret, or if the stack has it as `before`:
/// CloudFormation does not take another value of one that nothing uses.
fn refresh(
    parameters: &mut Strings,
    live: &BTreeMap<String, String>,
    before: &BTreeMap<String, String>,
) {
    parameters.retain(|name, _| live.contains_key(name));
    for (name, value) in parameters {
        let same = live[name] == HIDDEN || before.get(name) == live.get(name);
        if !same && !matches!(value, Value::Null) {
            *value = live[name].clone().into();
        }
    }
}

fn capabilities(stack: &Stack) -> Value<Set<Value<String>>> {
    let granted = stack.capabilities.iter().map(|c| c.clone().into()).collect();
    Set(granted).into()
}

/// What AWS decides.
pub fn look(state: &mut StackState, stack: &Stack) {
    state.id = stack.id.clone().into();
    state.region = region_of(&stack.id).map(str::to_string).into();
    state.status = stack.status.to_string().into();
    state.iam_role_arn = stack.role.clone().into();
    state.enable_termination_protection = stack.protected.into();
    for ((_, parameter), slot) in SHORTHANDS.iter().zip([
        &mut state.web_host,
        &mut state.certificate_arn,
        &mut state.admin_email,
    ]) {
        *slot = stack.parameters.get(*parameter).cloned().into();
    }
    state.outputs = strings(&stack.outputs);
    derive(state, stack);
}

/// What Quilt's outputs and parameters mean. Null for another kind of stack.
fn derive(state: &mut StackState, stack: &Stack) {
    let output = |name: &str| Value::from(stack.outputs.get(name).cloned());
    let host = stack.parameters.get("QuiltWebHost").or(stack.outputs.get("QuiltWebHost"));
    let hosts = host.and_then(|h| Hosts::of(h));
    state.url = hosts.as_ref().map(Hosts::url).into();
    state.registry_host = hosts.as_ref().map(|h| h.registry.clone()).into();
    state.s3_proxy_host = hosts.as_ref().map(|h| h.s3_proxy.clone()).into();
    state.load_balancer_dns_name = stack.outputs.get("LoadBalancerDNSName").map(|h| bare(h)).into();
    state.registry_role_arn = output("RegistryRoleARN");
    let target = state.load_balancer_dns_name.as_ref_option();
    state.cnames = match (&hosts, target) {
        (Some(hosts), Some(target)) => strings(&hosts.cnames(target)),
        _ => Value::Null,
    };
    state.quilt_version =
        stack.outputs.get("TemplateBuildMetadata").and_then(|m| version::of(m)).into();
    let quilt = host.is_some();
    state.network_version =
        quilt.then(|| version::network(|p| stack.parameters.contains_key(p)).to_string()).into();
}

/// The state of a stack that Terraform does not know yet, by name or ARN.
pub async fn import(cx: &Cx, id: &str) -> Result<StackState> {
    let deploy = Deploy::of(cx, id, None).await?;
    let Some(stack) = deploy.find(id).await? else {
        let what = format!("There is no stack {id} in {}.", deploy.aws.region);
        return Err(Error::config(
            AttributePath::root(),
            what,
            "Give the stack's name, or its ARN when it is in another region.",
        ));
    };
    let text = deploy.aws.stacks.template(&stack.id).await?;
    let policy = deploy.aws.stacks.policy(&stack.id).await?;
    let template = Template::parse(&text).ok();
    let mut state = StackState {
        name: stack.name.clone().into(),
        parameters: given(&stack, template.as_ref()),
        template_sha256: digest(&text).into(),
        template_body: text.into(),
        policy_body: policy.into(),
        disable_rollback: Some(true).filter(|_| stack.disable_rollback).into(),
        timeout_in_minutes: stack.timeout_in_minutes.into(),
        ..StackState::default()
    };
    look(&mut state, &stack);
    Ok(state)
}

/// The parameters somebody has set: shown ones that are not the template's default.
fn given(stack: &Stack, template: Option<&Template>) -> Value<Strings> {
    let default = |name: &str| template.and_then(|t| t.parameters.get(name)?.default.clone());
    let set = stack
        .parameters
        .iter()
        .filter(|(name, value)| *value != HIDDEN && default(name).as_ref() != Some(*value));
    let set: BTreeMap<_, _> = set.map(|(k, v)| (k.clone(), v.clone())).collect();
    if set.is_empty() { Value::Null } else { strings(&set) }
}
