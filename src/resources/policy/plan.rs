//! The plan of a policy: what becomes known, what replaces it, and who would lose something by it.

use std::sync::Arc;

use super::{PolicyResource, PolicyState, check, seen};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::Result;
use crate::resources::catalog::{self, loss, origin};
use crate::tf::{AttributePath, Diagnostics, Value};

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<PolicyResource>, d: &mut Diagnostics) -> Result<()> {
    let Draft { prior, config, planned, replace, private, .. } = draft;
    // Only what the configuration says decides the kind.
    let wanted = PolicyState { managed: Value::Null, ..config.clone() };
    let managed = check::is_managed(&wanted);
    planned.managed = managed.map_or(Value::Unknown, Value::Value);
    let held = prior.as_ref().map(|prior| (&prior.host, &*private));
    planned.host = origin::host(cx, &config.catalog, held).await?;
    let Some(prior) = prior else { return Ok(()) };
    if managed.is_some() && prior.managed.as_ref_option() != managed.as_ref() {
        replace.push(AttributePath::new("arn"));
        planned.id = Value::Unknown;
        if managed == Some(true) {
            planned.arn = Value::Unknown;
        }
        return Ok(());
    }
    if prior.permissions == planned.permissions || planned.permissions.is_unknown() {
        return Ok(());
    }
    let Some(catalog) = catalog::open_if_known(cx, &planned.catalog).await? else { return Ok(()) };
    lost(&catalog, prior, planned, d).await
}

/// Says who would see less.
async fn lost(
    catalog: &Catalog,
    prior: &PolicyState,
    planned: &PolicyState,
    d: &mut Diagnostics,
) -> Result<()> {
    let before = loss::world(catalog).await?;
    let mut after = before.clone();
    let id = prior.id.as_deref_option();
    if let Some(policy) = after.policies.iter_mut().find(|one| id == Some(&one.id)) {
        policy.permissions = check::permissions(planned);
    }
    loss::warn(&PolicyResource::subject(planned), &before, &after, d);
    Ok(())
}

/// What a creation meets.
pub async fn meets(cx: &Cx, planned: &PolicyState, d: &mut Diagnostics) -> Result<Met> {
    let list = |catalog: Arc<Catalog>| async move { catalog.policies.list().await };
    let Some((catalog, all)) = catalog::asked(cx, &planned.catalog, list).await? else {
        return Ok(Met::Unasked);
    };
    match all.iter().find(|policy| seen::has_title(planned, policy)) {
        Some(policy) => seen::there(&catalog, planned, policy).met(d),
        None => Ok(Met::Nothing),
    }
}
