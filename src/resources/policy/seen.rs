//! A policy as its catalog has it: what becomes state, and whether it is what is wanted.

use std::collections::BTreeMap;

use super::{PolicyResource, PolicyState, check, of, order};
use crate::catalog::Catalog;
use crate::kinds::resource::Resource;
use crate::outcome::{Error, Result};
use crate::quilt::access::Policy;
use crate::resources::catalog::entry::{self, There};
use crate::resources::catalog::loss::named;
use crate::tf::{Value, known};

/// The state of a policy that is there.
pub fn state(before: PolicyState, policy: &Policy, host: &str) -> PolicyState {
    let all = policy.permissions.iter();
    let permissions: BTreeMap<_, _> =
        all.map(|(bucket, level)| (bucket.clone(), known(level.word()))).collect();
    PolicyState {
        title: policy.title.clone().into(),
        permissions: if policy.managed { Value::Value(permissions) } else { Value::Null },
        arn: policy.arn.clone().into(),
        id: policy.id.clone().into(),
        host: host.to_string().into(),
        managed: policy.managed.into(),
        ..before
    }
}

/// It has the title that is wanted.
pub fn has_title(wanted: &PolicyState, policy: &Policy) -> bool {
    wanted.title.as_deref_option() == Some(policy.title.as_str())
}

/// It is what is wanted; `None`: what is wanted is not known yet.
pub fn is_alike(wanted: &PolicyState, policy: &Policy) -> Option<bool> {
    let open = wanted.permissions.iter().flatten().any(|(_, level)| level.is_unknown());
    let managed = check::is_managed(wanted)?;
    if wanted.permissions.is_unknown() || open || (!managed && wanted.arn.is_unknown()) {
        return None;
    }
    let granted = match managed {
        true => check::permissions(wanted) == policy.permissions,
        false => wanted.arn.as_deref_option() == Some(policy.arn.as_str()),
    };
    Some(has_title(wanted, policy) && managed == policy.managed && granted)
}

/// A policy that is there by the title that is wanted.
pub fn there<'a>(catalog: &Catalog, wanted: &PolicyState, policy: &'a Policy) -> There<'a> {
    There {
        what: format!("policy {}", policy.title),
        block: PolicyResource::NAME,
        at: "title",
        id: &policy.id,
        import: format!("{}/{}", catalog.host, policy.title),
        alike: is_alike(wanted, policy),
    }
}

/// What came of a change, made whole: what failed may be stored all the same, and without a part of it. `such` tells it from all others.
pub async fn settled(
    catalog: &Catalog,
    wanted: &PolicyState,
    changed: Result<Policy>,
    such: impl Fn(&Policy) -> bool,
) -> Result<Policy> {
    let look = || async { Ok(catalog.policies.list().await?.into_iter().find(such)) };
    let found = entry::settled(changed, look).await?;
    if is_alike(wanted, &found) == Some(true) {
        return Ok(found);
    }
    let changed = catalog
        .policies
        .update(&found.id, &order(wanted, found.roles.iter().cloned().collect()))
        .await?;
    match is_alike(wanted, &changed) {
        Some(true) => Ok(changed),
        _ => Err(entry::otherwise(&PolicyResource::subject(wanted))),
    }
}

/// The roles that hold it, as the reason why it is not deleted.
pub async fn holders(catalog: &Catalog, state: &PolicyState) -> Result<Option<Error>> {
    let policies = catalog.policies.list().await?;
    let Some(policy) = of(state, &policies) else { return Ok(None) };
    let roles = catalog.roles.list().await?;
    let held = roles.iter().filter(|role| policy.roles.contains(&role.id));
    let names = named(held.map(|role| role.name.clone()).collect());
    Ok(Some(Error::Failed {
        state: format!(
            "Roles hold the policy {}: {names}. The registry does not delete a policy that a role holds.",
            policy.title
        ),
        next: "Take it from these roles (`policies` of `quilt_role`), and destroy it then.".into(),
    }))
}
