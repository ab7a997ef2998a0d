//! What AWS says of a search domain, as state: after an apply, at a refresh, at an import.

use super::{SearchNetwork, SearchState, fill};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cx::{Cx, Settings};
use crate::deploy::{Deploy, name_of, region_of};
use crate::outcome::{Error, Result};
use crate::quilt::search::{self, Cluster, Made};
use crate::resources::{inside, place, tags};
use crate::tf::{AttributePath, Value};

/// A creation that has begun.
pub fn begun(planned: SearchState, id: &str, region: &str) -> SearchState {
    let status = Status::CreateInProgress.to_string().into();
    SearchState { id: id.to_string().into(), region: region.to_string().into(), status, ..planned }
}

/// The state after an apply: what was planned, and what AWS made of it.
pub fn after(planned: SearchState, stack: &Stack) -> Result<SearchState> {
    let mut state = planned;
    made(&mut state, stack);
    Ok(state)
}

/// The state at a refresh. What is not made yet stays as it is.
pub fn read(settings: &Settings, mut state: SearchState, stack: &Stack) -> Result<SearchState> {
    made(&mut state, stack);
    given(&mut state, stack)?;
    (state.tags, state.tags_all) = tags::seen(settings, &stack.tags, &state.tags);
    Ok(state)
}

/// The state of a search domain that Terraform does not know yet: by its name, its stack's name or its stack's ARN.
pub async fn import(cx: &Cx, id: &str) -> Result<SearchState> {
    let deploy = Deploy::of(cx, id, None).await?;
    let found = deploy.find_named([&search::stack_name(id), id]).await?;
    let fix =
        "Give the search domain's name, or the ARN of its stack when it is in another region.";
    let none = || {
        Error::config(
            AttributePath::root(),
            format!("There is no search domain {id} in {}.", deploy.aws.region),
            fix,
        )
    };
    let stack = found.ok_or_else(none)?;
    let name = search::name_of(name_of(&stack.id)).ok_or_else(|| foreign(&stack))?;
    let mut state = SearchState { name: name.to_string().into(), ..SearchState::default() };
    made(&mut state, &stack);
    given(&mut state, &stack)?;
    Ok(state)
}

fn foreign(stack: &Stack) -> Error {
    Error::Failed {
        state: format!("The stack {} ({}) is not a Quilt search domain's.", stack.name, stack.status),
        next: "If its template was replaced outside of Terraform, put the domain's own back; else name another stack.".into(),
    }
}

/// What AWS made of the settings.
fn made(state: &mut SearchState, stack: &Stack) {
    state.id = stack.id.clone().into();
    state.region = region_of(&stack.id).map(str::to_string).into();
    state.status = stack.status.to_string().into();
    state.enable_termination_protection = stack.protected.into();
    if let Some(version) = inside::version(stack) {
        state.template_version = version.into();
    }
    let Some(made) = Made::of(&stack.outputs) else { return };
    state.domain_name = made.name.into();
    state.domain_arn = made.arn.into();
    state.endpoint = made.endpoint.into();
    state.accessor_security_group_id = made.accessor_group.into();
}

/// The settings a stack was made with.
fn given(state: &mut SearchState, stack: &Stack) -> Result<()> {
    let cluster = Cluster::of(&stack.parameters).ok_or_else(|| foreign(stack))?;
    fill::put(state, cluster);
    state.engine_version = stack.parameters.get("EngineVersion").cloned().into();
    if !matches!(state.network, Value::Value(_)) {
        let (vpc_id, intra_subnet_ids) = place::of(stack);
        state.network = SearchNetwork { vpc_id, intra_subnet_ids }.into();
    }
    Ok(())
}
