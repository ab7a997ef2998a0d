//! What AWS says of a stack, as state.

use std::collections::BTreeSet;

use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::{digest, given_back};
use crate::cx::Cx;
use crate::deploy::{Deploy, region_of};
use crate::outcome::Result;
use crate::quilt::connect;
use crate::quilt::hosts::{Hosts, bare};
use crate::quilt::version;
use crate::resources::stack::order::remembered::{moment, remember};
use crate::resources::stack::quilt::hosts;
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::{StackPrivate, StackState, Strings, Values, set};
use crate::resources::tags;
use crate::tf::{Set, Value, known};

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
    if state.capabilities.is_null() {
        state.capabilities = all(&stack.capabilities);
    }
    if !stack.notification_arns.is_empty() {
        state.notification_arns = all(&stack.notification_arns);
    } else if !set(&state.notification_arns).is_empty() {
        state.notification_arns = Value::Null;
    }
    Ok(state)
}

/// Parameters that the configuration manages, as they are now. One stays as it was written if it is secret, or if the stack has it as `before`:
/// CloudFormation does not take another value of one that nothing uses.
fn refresh(parameters: &mut Strings, live: &Values, before: &Values) {
    parameters.retain(|name, _| live.contains_key(name));
    for (name, value) in parameters {
        let same = live[name] == HIDDEN || before.get(name) == live.get(name);
        if !same && !value.is_null() {
            *value = live[name].clone().into();
        }
    }
}

fn all(texts: &BTreeSet<String>) -> Value<Set<Value<String>>> {
    Set(texts.iter().map(known).collect()).into()
}

/// What AWS decides.
pub fn look(state: &mut StackState, stack: &Stack) {
    state.id = stack.id.clone().into();
    state.region = region_of(&stack.id).map(str::to_string).into();
    state.status = stack.status.to_string().into();
    state.iam_role_arn = stack.role.clone().into();
    state.enable_termination_protection = stack.protected.into();
    state.provisioned_product_id = stack.provisioned_product.clone().into();
    for short in &SHORTHANDS {
        *(short.slot)(state) = stack.parameters.get(short.parameter).cloned().into();
    }
    let outputs = stack.outputs.iter().map(|(name, value)| (name.clone(), known(value)));
    state.outputs = Value::Value(outputs.collect());
    derive(state, stack);
}

/// What Quilt's outputs and parameters mean. Null for another kind of stack.
fn derive(state: &mut StackState, stack: &Stack) {
    let output = |name: &str| Value::from(stack.outputs.get(name).cloned());
    let host = stack.parameters.get("QuiltWebHost").or(stack.outputs.get("QuiltWebHost"));
    let hosts = host.and_then(|h| Hosts::of(h));
    state.load_balancer_dns_name = stack.outputs.get("LoadBalancerDNSName").map(|h| bare(h)).into();
    state.registry_role_arn = output("RegistryRoleARN");
    state.load_balancer_zone_id = output("LoadBalancerCanonicalHostedZoneID");
    let connect = |name: &str| match connect::is_off(&stack.parameters) {
        true => Value::Null,
        false => hosts::given_out(stack.outputs.get(name)),
    };
    state.connect_host = connect(connect::HOST);
    state.connect_load_balancer_dns_name = connect(connect::TARGET);
    state.connect_load_balancer_zone_id = connect(connect::ZONE);
    hosts::derive(state, hosts.as_ref());
    state.quilt_version =
        stack.outputs.get("TemplateBuildMetadata").and_then(|m| version::of(m)).into();
    let quilt = host.is_some();
    state.network_version =
        quilt.then(|| version::network(|p| stack.parameters.contains_key(p)).to_string()).into();
}
