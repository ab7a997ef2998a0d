//! The state of a stack that Terraform does not know yet.

use super::seen::look;
use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::{Template, digest};
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::outcome::{Error, Result};
use crate::quilt::names::unseen;
use crate::resources::stack::state::{StackState, Strings};
use crate::tf::{AttributePath, Value, known};

/// The state of a stack that Terraform does not know yet, by name or ARN.
pub async fn import(cx: &Cx, id: &str, region: Option<&str>) -> Result<StackState> {
    let deploy = Deploy::of(cx, id, region).await?;
    let Some(stack) = deploy.find(id).await? else {
        let what = format!("There is no stack {id} in {}.", deploy.aws.region);
        let fix = format!(
            "{}Give the stack's name, or its ARN when it is in another region.",
            unseen(id)
        );
        return Err(Error::config(AttributePath::root(), what, fix));
    };
    let text = deploy.aws.stacks.template(&stack.id).await?;
    let policy = deploy.aws.stacks.policy(&stack.id).await?;
    let template = Template::parse(&text).ok();
    let mut state = StackState {
        name: stack.name.clone().into(),
        parameters: set_parameters(&stack, template.as_ref()),
        template_sha256: digest(&text).into(),
        policy_body: policy.into(),
        disable_rollback: Some(true).filter(|_| stack.disable_rollback).into(),
        timeout_in_minutes: stack.timeout_in_minutes.into(),
        ..StackState::default()
    };
    look(&mut state, &stack);
    Ok(state)
}

/// The parameters somebody has set: shown ones that are not the template's default.
fn set_parameters(stack: &Stack, template: Option<&Template>) -> Value<Strings> {
    let default = |name: &str| template.and_then(|t| t.parameters.get(name)?.default.clone());
    let set = stack
        .parameters
        .iter()
        .filter(|(name, value)| *value != HIDDEN && default(name).as_ref() != Some(*value));
    let set: Strings = set.map(|(name, value)| (name.clone(), known(value))).collect();
    if set.is_empty() { Value::Null } else { set.into() }
}
