//! What AWS says of a small stack, as state: after an apply, at a refresh, at an import.

use super::template::{SmallStack, stack_name};
use super::version;
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::deploy::{Deploy, region_of};
use crate::outcome::{Error, Result};
use crate::quilt::names::unseen;
use crate::resources::tags;
use crate::tf::AttributePath;

/// A creation that has begun.
pub fn begun<S: SmallStack>(mut planned: S, id: &str, region: &str) -> S {
    let it = planned.shared_mut();
    *it.id = id.to_string().into();
    *it.region = region.to_string().into();
    *it.status = Status::CreateInProgress.to_string().into();
    planned
}

/// The state after an apply: what was planned, and what AWS made of it.
pub async fn after<S: SmallStack>(aws: &Aws, planned: S, stack: &Stack) -> Result<S> {
    let mut state = planned;
    if let Some(why) = S::lacks(stack) {
        return Err(foreign::<S>(stack, &why));
    }
    stands(&mut state, stack);
    state.read_outputs(aws, stack).await?;
    Ok(state)
}

/// The state at a refresh. What is not made yet stays as it is.
pub async fn read<S: SmallStack>(deploy: &Deploy<'_>, mut state: S, stack: &Stack) -> Result<S> {
    look(&deploy.aws, &mut state, stack).await?;
    let seen = tags::seen(&deploy.cx.settings, &stack.tags, state.shared().tags);
    let it = state.shared_mut();
    (*it.tags, *it.tags_all) = seen;
    Ok(state)
}

/// The state of one that Terraform does not know yet: by its name, its stack's name or its stack's ARN.
pub async fn import<S: SmallStack>(cx: &Cx, id: &str, region: Option<&str>) -> Result<S> {
    let deploy = Deploy::of(cx, id, region).await?;
    let stack = deploy.find_named([&stack_name::<S>(id), id]).await?.ok_or_else(|| {
        Error::config(
            AttributePath::root(),
            format!("There is no {} {id} in {}.", S::WHAT, deploy.aws.region),
            unseen(id).to_string() + &way_to_import::<S>(),
        )
    })?;
    let mut state = S::default();
    *state.shared_mut().name = S::name_of(&stack)?.into();
    look(&deploy.aws, &mut state, &stack).await?;
    Ok(state)
}

/// The name of the object whose stack this is; `None`: it is another thing's, or was never complete.
pub fn recognised<S: SmallStack>(stack: &Stack) -> Option<String> {
    let whole = !stack.status.never_completed()
        && version::of(stack).is_some()
        && S::lacks(stack).is_none()
        && S::default().read_parameters(stack).is_ok();
    S::name_of(stack).ok().filter(|_| whole)
}

/// What an import takes.
pub fn way_to_import<S: SmallStack>() -> String {
    format!("Give the {}'s name, or the ARN of its stack when it is in another region.", S::WHAT)
}

/// The settings and everything AWS decides.
async fn look<S: SmallStack>(aws: &Aws, state: &mut S, stack: &Stack) -> Result<()> {
    stands(state, stack);
    state.read_parameters(stack).map_err(|why| foreign::<S>(stack, &why))?;
    state.read_outputs(aws, stack).await
}

/// What is read of each.
fn stands<S: SmallStack>(state: &mut S, stack: &Stack) {
    let it = state.shared_mut();
    *it.id = stack.id.clone().into();
    *it.region = region_of(&stack.id).map(str::to_string).into();
    *it.status = stack.status.to_string().into();
    *it.protection = stack.protected.into();
    if let Some(version) = version::of(stack) {
        *it.template_version = version.into();
    }
}

/// A stack that is another thing's, and why.
pub fn foreign<S: SmallStack>(stack: &Stack, why: &str) -> Error {
    let (what, space) = (S::WHAT, if why.is_empty() { "" } else { " " });
    // A search domain is then "the domain".
    let short = what.rsplit(' ').next().unwrap_or(what);
    Error::Failed {
        state: format!(
            "The stack {} ({}) is not a Quilt {what}'s.{space}{why}",
            stack.name, stack.status
        ),
        next: format!(
            "If its template was replaced outside of Terraform, put the {short}'s own back; else name another stack."
        ),
    }
}
