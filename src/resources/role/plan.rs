//! The plan of a role: what becomes known, what replaces it, and what the registry or people would lose by it.

use std::sync::Arc;

use super::{RoleResource, RoleState, check, seen, trust};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{Error, Result};
use crate::quilt::access::User;
use crate::resources::catalog::{self, loss, origin};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<RoleResource>, d: &mut Diagnostics) -> Result<()> {
    let Draft { prior, config, planned, replace, private, .. } = draft;
    // Only what the configuration says decides the kind.
    let wanted = RoleState { managed: Value::Null, ..config.clone() };
    let managed = check::is_managed(&wanted);
    planned.managed = managed.map_or(Value::Unknown, Value::Value);
    let held = prior.as_ref().map(|prior| (&prior.host, &*private));
    planned.host = origin::host(cx, &config.catalog, held).await?;
    let given = |prior: &RoleState| prior.arn != config.arn;
    if managed == Some(false) && prior.as_ref().is_none_or(given) {
        trust::plan(cx, config, d).await?;
    }
    let Some(prior) = prior else { return Ok(()) };
    if managed.is_some() && prior.managed.as_ref_option() != managed.as_ref() {
        replace.push(AttributePath::new("arn"));
        planned.id = Value::Unknown;
        if managed == Some(true) {
            planned.arn = Value::Unknown;
        }
        return Ok(());
    }
    if unchanged(prior, planned) {
        return Ok(());
    }
    let Some(catalog) = catalog::open_if_known(cx, &planned.catalog).await? else { return Ok(()) };
    renamed(&catalog, prior, planned).await?;
    lost(&catalog, prior, planned, d).await
}

/// Says who would see less.
async fn lost(
    catalog: &Catalog,
    prior: &RoleState,
    planned: &RoleState,
    d: &mut Diagnostics,
) -> Result<()> {
    if planned.managed != Value::Value(true) || planned.policies.is_unknown() {
        return Ok(());
    }
    let before = loss::world(catalog).await?;
    let mut after = before.clone();
    if let Some(role) =
        after.roles.iter_mut().find(|one| prior.id.as_deref_option() == Some(&one.id))
    {
        role.policies = check::policies(planned).into_iter().collect();
    }
    loss::warn(&RoleResource::subject(planned), &before, &after, d);
    Ok(())
}

fn unchanged(prior: &RoleState, planned: &RoleState) -> bool {
    (&prior.name, &prior.policies, &prior.arn) == (&planned.name, &planned.policies, &planned.arn)
}

/// A role that the sign-in mapping names keeps its name: the registry refuses another.
async fn renamed(catalog: &Catalog, prior: &RoleState, planned: &RoleState) -> Result<()> {
    let (Some(before), Some(now)) = (prior.name.as_deref_option(), planned.name.as_deref_option())
    else {
        return Ok(());
    };
    if before == now || !mapped(catalog, before).await? {
        return Ok(());
    }
    Err(Error::config(
        AttributePath::new("name"),
        format!(
            "The sign-in mapping of {} names the role {before}, so it cannot be renamed.",
            catalog.host
        ),
        "Make another role and name that one in the mapping, or take the role out of the mapping, apply, and then rename it.",
    ))
}

/// The sign-in mapping names this role.
async fn mapped(catalog: &Catalog, role: &str) -> Result<bool> {
    let Some(mapped) = catalog.mapping.mapping().await? else { return Ok(false) };
    Ok(crate::quilt::mapping::roles(&mapped.text).contains(role))
}

/// What a creation meets.
pub async fn meets(cx: &Cx, planned: &RoleState, d: &mut Diagnostics) -> Result<Met> {
    let list = |catalog: Arc<Catalog>| async move { catalog.roles.list().await };
    let Some((catalog, all)) = catalog::asked(cx, &planned.catalog, list).await? else {
        return Ok(Met::Unasked);
    };
    match all.iter().find(|role| seen::has_name(planned, role)) {
        Some(role) => seen::there(&catalog, planned, role).met(d),
        None => Ok(Met::Nothing),
    }
}

/// Says who has the role: the registry does not delete one that somebody has. They may get another one by the same apply.
pub async fn deletion(cx: &Cx, state: &RoleState, d: &mut Diagnostics) -> Result<()> {
    let who = |catalog: Arc<Catalog>| async move { holders(&catalog, state).await };
    let asked = catalog::asked(cx, &state.catalog, who).await?;
    if let Some((_, Some(Error::Failed { state: what, next }))) = asked {
        let summary = format!("{} is held by users", RoleResource::subject(state));
        d.warn(summary, format!("{what}\n\n{next}"));
    }
    Ok(())
}

/// Those who have the role, as the reason why it is not deleted.
pub async fn holders(catalog: &Catalog, state: &RoleState) -> Result<Option<Error>> {
    let name = state.name.as_deref_option().unwrap_or_default();
    let users = catalog.users.list().await?;
    let held: Vec<&User> = users.iter().filter(|user| user.has(name)).collect();
    if held.is_empty() {
        return Ok(None);
    }
    let names = loss::named(held.iter().map(|user| user.name.clone()).collect());
    Ok(Some(Error::Failed {
        state: format!(
            "The role {name} is that of {}: {names}. The registry does not delete a role that somebody has.",
            loss::counted(held.len())
        ),
        next: "Give them another role, and destroy it then. A `quilt_user` that is destroyed is deactivated and keeps its role, unless it has `delete_on_destroy = true`.".into(),
    }))
}
