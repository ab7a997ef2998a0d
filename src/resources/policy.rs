//! `quilt_policy`: a policy of a catalog, which says what roles may do in which buckets.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported, removal};
use super::timeouts::Timeouts;
use crate::attributes;
use crate::catalog::{Catalog, Grant, PolicyOrder};
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::{Error, Result};
use crate::quilt::access::Policy;
use crate::tf::{AttributePath, Diagnostics, Value};

mod check;
mod plan;
mod seen;

attributes! {
    /// A policy of a Quilt catalog: what the roles that hold it may do in which buckets. Either the catalog writes its IAM policy by
    /// `permissions`, or you bring an IAM policy by its `arn`.
    ///
    /// Which roles hold it is said by `policies` of `quilt_role`. A plan that takes something from people counts and names them.
    pub struct PolicyState {
        /// Title of the policy. No two of a catalog have the same.
        title: String = Required;
        /// The catalog that it is in: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// What may be done in which bucket: name of a bucket that the catalog has, to `READ` or `READ_WRITE`.
        permissions: BTreeMap<String, Value<String>> = Optional;
        /// ARN of the IAM policy. Give it for an IAM policy of your own. Not together with `permissions`. A change from the one kind to the other
        /// replaces the policy.
        arn: String = OptionalComputed;
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min, delete 30 min.
        timeouts: Timeouts = Optional.block();
        /// The catalog's id of the policy.
        id: String = Computed.stable();
        /// Host of the catalog.
        host: String = Computed;
        /// Whether the catalog writes the IAM policy itself.
        managed: bool = Computed;
        /// Whether the creation took over a policy that was there, just as it is written here, as an interrupted apply leaves one. Null after an
        /// import.
        adopted: bool = Computed.stable();
    }
}

/// `quilt_policy`.
pub struct PolicyResource;

/// What the registry is sent; `roles` are those that hold it, which it would take it from otherwise.
fn order(state: &PolicyState, roles: Vec<String>) -> PolicyOrder {
    let grant = match (check::is_managed(state), state.arn.as_ref_option()) {
        (Some(false), Some(arn)) => Grant::Arn(arn.clone()),
        _ => Grant::Permissions(check::permissions(state)),
    };
    PolicyOrder { title: state.title.clone().unwrap_or_default(), grant, roles }
}

/// The policy of a state among all: by its id, which another title leaves, or by its title, as after an import.
fn of<'a>(state: &PolicyState, all: &'a [Policy]) -> Option<&'a Policy> {
    match state.id.as_deref_option() {
        Some(id) => all.iter().find(|policy| policy.id == id),
        None => {
            all.iter().find(|policy| Some(policy.title.as_str()) == state.title.as_deref_option())
        }
    }
}

fn gone(state: &PolicyState) -> Error {
    Error::Failed {
        state: format!("{} does not exist any more.", PolicyResource::called(state)),
        next: "Plan again: the plan makes it anew.".into(),
    }
}

#[async_trait]
impl CatalogObject for PolicyResource {
    const NAME: &'static str = "quilt_policy";
    type State = PolicyState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host", "title"];

    fn called(state: &PolicyState) -> String {
        format!("Policy {}", state.title.as_deref_option().unwrap_or("(title not known yet)"))
    }

    fn shared(state: &PolicyState) -> Shared<'_> {
        let PolicyState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &PolicyState) -> Option<Identity> {
        catalog::identity("policy", "title", &state.host, &state.title, &state.id)
    }

    fn check(config: &PolicyState, d: &mut Diagnostics) {
        check::validate(config, d);
    }

    async fn met(cx: &Cx, planned: &PolicyState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn make(at: &At<'_>, planned: PolicyState, kept: &mut Kept<Self>) -> Result<PolicyState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let all = catalog.policies.list().await?;
        if let Some(there) = all.iter().find(|policy| seen::has_title(&planned, policy)) {
            seen::there(catalog, &planned, there).adopted(&kept.adoption())?;
            kept.adopted();
            return Ok(seen::state(planned, there, &catalog.host));
        }
        check::registered(catalog, &planned).await?;
        let made = catalog.policies.create(&order(&planned, vec![])).await;
        let such = |one: &Policy| seen::has_title(&planned, one);
        let made = seen::settled(catalog, &planned, made, such).await.map_err(check::refused)?;
        Ok(seen::state(planned, &made, &catalog.host))
    }

    async fn look(catalog: &Catalog, state: PolicyState) -> Result<Option<PolicyState>> {
        let all = catalog.policies.list().await?;
        match of(&state, &all) {
            Some(policy) => Ok(Some(seen::state(state.clone(), policy, &catalog.host))),
            None => Ok(None),
        }
    }

    async fn change(at: &At<'_>, prior: PolicyState, planned: PolicyState) -> Result<PolicyState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let all = catalog.policies.list().await?;
        let policy = of(&prior, &all).ok_or_else(|| gone(&prior))?;
        if seen::is_alike(&planned, policy) == Some(true) {
            return Ok(seen::state(planned, policy, &catalog.host));
        }
        check::registered(catalog, &planned).await?;
        // An update says who holds it, too: that belongs to the roles, and stays as it is.
        let order = order(&planned, policy.roles.iter().cloned().collect());
        let changed = catalog.policies.update(&policy.id, &order).await;
        let such = |one: &Policy| one.id == policy.id;
        let changed =
            seen::settled(catalog, &planned, changed, such).await.map_err(check::refused)?;
        Ok(seen::state(planned, &changed, &catalog.host))
    }

    async fn remove(at: &At<'_>, state: PolicyState, _d: &mut Diagnostics) -> Result<()> {
        let At { cx, catalog, .. } = *at;
        let attempt = || delete(catalog, &state);
        match removal::carry_out(cx, catalog, &["PolicyAssigned"], attempt).await {
            Err(e) if e.refusal() == Some("PolicyAssigned") => {
                Err(seen::holders(catalog, &state).await?.unwrap_or(e))
            }
            done => done,
        }
    }

    async fn begun(found: Imported) -> Result<PolicyState> {
        let Imported { catalog, name: title, input } = found;
        let all = catalog.policies.list().await?;
        let found = all.iter().find(|policy| policy.title == title || policy.id == title);
        let policy = found.ok_or_else(|| none(&catalog, &title))?;
        Ok(seen::state(PolicyState { catalog: input, ..Default::default() }, policy, &catalog.host))
    }
}

/// Deletes it where it is there.
async fn delete(catalog: &Catalog, state: &PolicyState) -> Result<()> {
    let all = catalog.policies.list().await?;
    let Some(policy) = of(state, &all) else { return Ok(()) };
    let done = catalog.policies.delete(&policy.id).await;
    let left = async { Ok(catalog.policies.list().await?.iter().any(|one| one.id == policy.id)) };
    removal::ended(done, "PolicyDoesNotExist", left).await
}

fn none(catalog: &Catalog, title: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("The catalog {} has no policy {title}.", catalog.host),
        "Import it by its title, as the catalog's page of users and roles shows it.",
    )
}

#[cfg(test)]
mod tests;
