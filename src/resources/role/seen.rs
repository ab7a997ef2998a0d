//! A role as its catalog has it: what becomes state, and whether it is what is wanted.

use std::collections::BTreeSet;

use super::{RoleResource, RoleState, check, order};
use crate::catalog::Catalog;
use crate::kinds::resource::Resource;
use crate::outcome::Result;
use crate::quilt::access::Role;
use crate::resources::catalog::entry::{self, There};
use crate::tf::{Set, Value, known};

/// The state of a role that is there.
pub fn state(before: RoleState, role: &Role, host: &str) -> RoleState {
    let ids: Vec<Value<String>> = role.policies.iter().map(|id| known(id.clone())).collect();
    // No policies may be written in two ways, and any in any order.
    let none = !role.managed || (ids.is_empty() && before.policies.is_null());
    let held = if none { Value::Null } else { Value::Value(Set(ids)) };
    let policies = if held == before.policies { before.policies.clone() } else { held };
    RoleState {
        name: role.name.clone().into(),
        policies,
        arn: role.arn.clone().into(),
        id: role.id.clone().into(),
        host: host.to_string().into(),
        managed: role.managed.into(),
        ..before
    }
}

/// It has the name that is wanted.
pub fn has_name(wanted: &RoleState, role: &Role) -> bool {
    wanted.name.as_deref_option() == Some(role.name.as_str())
}

/// It is what is wanted; `None`: what is wanted is not known yet.
pub fn is_alike(wanted: &RoleState, role: &Role) -> Option<bool> {
    let open = wanted.policies.iter().flatten().any(Value::is_unknown);
    let managed = check::is_managed(wanted)?;
    if wanted.policies.is_unknown() || open || (!managed && wanted.arn.is_unknown()) {
        return None;
    }
    let held = match managed {
        true => BTreeSet::from_iter(check::policies(wanted)) == role.policies,
        false => wanted.arn.as_deref_option() == Some(role.arn.as_str()),
    };
    Some(has_name(wanted, role) && managed == role.managed && held)
}

/// A role that is there by the name that is wanted.
pub fn there<'a>(catalog: &Catalog, wanted: &RoleState, role: &'a Role) -> There<'a> {
    There {
        what: format!("role {}", role.name),
        block: RoleResource::NAME,
        at: "name",
        id: &role.id,
        import: format!("{}/{}", catalog.host, role.name),
        alike: is_alike(wanted, role),
    }
}

/// What came of a change, made whole: what failed may be stored all the same, and without a part of it. `such` tells it from all others.
pub async fn settled(
    catalog: &Catalog,
    wanted: &RoleState,
    changed: Result<Role>,
    such: impl Fn(&Role) -> bool,
) -> Result<Role> {
    let look = || async { Ok(catalog.roles.list().await?.into_iter().find(such)) };
    let found = entry::settled(changed, look).await?;
    if is_alike(wanted, &found) == Some(true) {
        return Ok(found);
    }
    let changed = catalog.roles.update(&found.id, &order(wanted)).await?;
    match is_alike(wanted, &changed) {
        Some(true) => Ok(changed),
        _ => Err(entry::otherwise(&RoleResource::subject(wanted))),
    }
}
