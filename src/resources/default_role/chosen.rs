//! Which role is meant: by its id, or by its name.

use super::DefaultRoleState;
use crate::catalog::Catalog;
use crate::outcome::{Error, Result};
use crate::quilt::access::Role;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration, offline.
pub fn validate(config: &DefaultRoleState, d: &mut Diagnostics) {
    let at = AttributePath::new;
    match (&config.role_id, &config.role) {
        (Value::Null, Value::Null) => {
            let detail = "Give `role_id`, as `quilt_role.<name>.id`, or `role`, the name of a role that is there.";
            d.fail_at(at("role_id"), "No role is named", detail);
        }
        (Value::Value(_), Value::Value(_)) => {
            d.fail_at(at("role"), "The role is named twice", "Give `role_id` or `role`.");
        }
        _ => {}
    }
}

/// Plans what follows from the one that is given: the other is as before where that one is, and else not known. It stays the same role.
pub fn stays(
    prior: Option<&DefaultRoleState>,
    config: &DefaultRoleState,
    planned: &mut DefaultRoleState,
) -> bool {
    let by_name = config.role_id.is_null();
    let same = prior.filter(|prior| match by_name {
        true => prior.role == planned.role,
        false => prior.role_id == planned.role_id,
    });
    let other = |of: fn(&DefaultRoleState) -> &Value<String>| {
        same.map_or(Value::Unknown, |prior| of(prior).clone())
    };
    match by_name {
        true => planned.role_id = other(|state| &state.role_id),
        false => planned.role = other(|state| &state.role),
    }
    same.is_some()
}

/// Plans the other one as the catalog has it.
pub async fn foreseen(
    catalog: &Catalog,
    config: &DefaultRoleState,
    planned: &mut DefaultRoleState,
) -> Result<()> {
    let (id, name) = (config.role_id.as_deref_option(), config.role.as_deref_option());
    if id.is_none() && name.is_none() {
        return Ok(());
    }
    let all = catalog.roles.list().await?;
    // One that is not there may be made by the same run.
    let found = all.into_iter().find(|role| Some(&*role.id) == id || Some(&*role.name) == name);
    if let Some(role) = found {
        *planned = told(planned.clone(), &role);
    }
    Ok(())
}

/// The role in the catalog.
///
/// # Errors
/// There is none.
pub async fn find(catalog: &Catalog, wanted: &DefaultRoleState) -> Result<Role> {
    let (id, name) = (wanted.role_id.as_deref_option(), wanted.role.as_deref_option());
    let is = |role: &Role| match id {
        Some(id) => role.id == id,
        None => Some(role.name.as_str()) == name,
    };
    let found = catalog.roles.list().await?.into_iter().find(is);
    found.ok_or_else(|| match (id, name) {
        (Some(id), _) => Error::config(
            AttributePath::new("role_id"),
            format!("The catalog {} has no role with the id {id}.", catalog.host),
            "Give the id of a role, as `quilt_role.<name>.id`. A name stands in `role`.",
        ),
        (None, name) => Error::config(
            AttributePath::new("role"),
            format!("The catalog {} has no role {}.", catalog.host, name.unwrap_or_default()),
            "Give the name of a role that is there, or make it and give `role_id = quilt_role.<name>.id`.",
        ),
    })
}

/// A state of this role.
pub fn told(state: DefaultRoleState, role: &Role) -> DefaultRoleState {
    let (role_id, name) = (role.id.clone().into(), role.name.clone().into());
    DefaultRoleState { role_id, role: name, ..state }
}
