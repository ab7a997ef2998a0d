//! `quilt_role`: a role of a catalog, which people have and which policies or an IAM role stand behind.

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported, removal};
use super::timeouts::Timeouts;
use crate::attributes;
use crate::catalog::{Catalog, Held, RoleOrder};
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::{Error, Result};
use crate::quilt::access::Role;
use crate::tf::{AttributePath, Diagnostics, Set, Value};

mod check;
mod plan;
mod seen;
mod trust;

attributes! {
    /// A role of a Quilt catalog: what people have, and what decides which buckets they see. Either the catalog makes its IAM role by the
    /// `policies` that it holds, or you bring an IAM role by its `arn`.
    ///
    /// A role that somebody has is not deleted by the catalog, nor one that the sign-in mapping names: give these people another one first.
    pub struct RoleState {
        /// Name of the role: a letter, then letters, digits and `_`. It can be changed, unless the sign-in mapping names the role.
        name: String = Required;
        /// The catalog that it is in: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// Ids of the policies that the role holds, as `quilt_policy.<name>.id`: five at most. Without any, and without an `arn`, the role sees nothing.
        policies: Set<Value<String>> = Optional;
        /// ARN of the IAM role. Give it for an IAM role of your own, which then decides what people may do; it has to trust the stack's
        /// `registry_role_arn`, as the function `registry_trust_policy` writes it: with `catalog = quilt_stack.<name>` IAM is asked first. Not together with
        /// `policies`. A change from the one kind to the other replaces the role.
        arn: String = OptionalComputed;
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min, delete 30 min.
        timeouts: Timeouts = Optional.block();
        /// The catalog's id of the role.
        id: String = Computed.stable();
        /// Host of the catalog.
        host: String = Computed;
        /// Whether the catalog makes the IAM role itself.
        managed: bool = Computed;
        /// Whether the creation took over a role that was there, just as it is written here, as an interrupted apply leaves one. Null after an
        /// import.
        adopted: bool = Computed.stable();
    }
}

/// `quilt_role`.
pub struct RoleResource;

/// What the registry is sent.
fn order(state: &RoleState) -> RoleOrder {
    let held = match (check::is_managed(state), state.arn.as_ref_option()) {
        (Some(false), Some(arn)) => Held::Arn(arn.clone()),
        _ => Held::Policies(check::policies(state)),
    };
    RoleOrder { name: state.name.clone().unwrap_or_default(), held }
}

/// The role of a state among all: by its id, which a rename leaves, or by its name, as after an import.
fn of<'a>(state: &RoleState, all: &'a [Role]) -> Option<&'a Role> {
    match state.id.as_deref_option() {
        Some(id) => all.iter().find(|role| role.id == id),
        None => all.iter().find(|role| Some(role.name.as_str()) == state.name.as_deref_option()),
    }
}

fn gone(state: &RoleState) -> Error {
    Error::Failed {
        state: format!("{} does not exist any more.", RoleResource::called(state)),
        next: "Plan again: the plan makes it anew.".into(),
    }
}

#[async_trait]
impl CatalogObject for RoleResource {
    const NAME: &'static str = "quilt_role";
    type State = RoleState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host", "name"];

    fn called(state: &RoleState) -> String {
        format!("Role {}", state.name.as_deref_option().unwrap_or("(name not known yet)"))
    }

    fn shared(state: &RoleState) -> Shared<'_> {
        let RoleState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &RoleState) -> Option<Identity> {
        catalog::identity("role", "name", &state.host, &state.name, &state.id)
    }

    fn check(config: &RoleState, d: &mut Diagnostics) {
        check::validate(config, d);
    }

    async fn met(cx: &Cx, planned: &RoleState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn deletion(cx: &Cx, state: &RoleState, d: &mut Diagnostics) -> Result<()> {
        plan::deletion(cx, state, d).await
    }

    async fn make(at: &At<'_>, planned: RoleState, kept: &mut Kept<Self>) -> Result<RoleState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let all = catalog.roles.list().await?;
        if let Some(there) = all.iter().find(|role| seen::has_name(&planned, role)) {
            seen::there(catalog, &planned, there).adopted(&kept.adoption())?;
            kept.adopted();
            return Ok(seen::state(planned, there, &catalog.host));
        }
        trust::settled(cx, &planned).await?;
        let made = catalog.roles.create(&order(&planned)).await;
        let such = |one: &Role| seen::has_name(&planned, one);
        let made = seen::settled(catalog, &planned, made, such).await.map_err(check::refused)?;
        Ok(seen::state(planned, &made, &catalog.host))
    }

    async fn look(catalog: &Catalog, state: RoleState) -> Result<Option<RoleState>> {
        let all = catalog.roles.list().await?;
        match of(&state, &all) {
            Some(role) => Ok(Some(seen::state(state.clone(), role, &catalog.host))),
            None => Ok(None),
        }
    }

    async fn change(at: &At<'_>, prior: RoleState, planned: RoleState) -> Result<RoleState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let all = catalog.roles.list().await?;
        let role = of(&prior, &all).ok_or_else(|| gone(&prior))?;
        if seen::is_alike(&planned, role) == Some(true) {
            return Ok(seen::state(planned, role, &catalog.host));
        }
        if planned.arn != prior.arn {
            trust::settled(cx, &planned).await?;
        }
        let changed = catalog.roles.update(&role.id, &order(&planned)).await;
        let such = |one: &Role| one.id == role.id;
        let changed =
            seen::settled(catalog, &planned, changed, such).await.map_err(check::refused)?;
        Ok(seen::state(planned, &changed, &catalog.host))
    }

    async fn remove(at: &At<'_>, state: RoleState, _d: &mut Diagnostics) -> Result<()> {
        let At { cx, catalog, .. } = *at;
        let attempt = || delete(catalog, &state);
        let codes = ["RoleAssigned", "RoleNameUsedBySsoConfig"];
        match removal::carry_out(cx, catalog, &codes, attempt).await {
            Err(e) if e.refusal() == Some("RoleAssigned") => {
                Err(plan::holders(catalog, &state).await?.unwrap_or(e))
            }
            Err(e) => Err(check::refused(e)),
            Ok(()) => Ok(()),
        }
    }

    async fn begun(found: Imported) -> Result<RoleState> {
        let Imported { catalog, name, input } = found;
        let all = catalog.roles.list().await?;
        let found = all.iter().find(|role| role.name == name || role.id == name);
        let role = found.ok_or_else(|| none(&catalog, &name))?;
        Ok(seen::state(RoleState { catalog: input, ..Default::default() }, role, &catalog.host))
    }
}

/// Deletes it where it is there.
async fn delete(catalog: &Catalog, state: &RoleState) -> Result<()> {
    let all = catalog.roles.list().await?;
    let Some(role) = of(state, &all) else { return Ok(()) };
    let done = catalog.roles.delete(&role.id).await;
    let left = async { Ok(catalog.roles.list().await?.iter().any(|one| one.id == role.id)) };
    removal::ended(done, "RoleDoesNotExist", left).await
}

fn none(catalog: &Catalog, name: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("The catalog {} has no role {name}.", catalog.host),
        "Import it by its name, as the catalog's page of users and roles shows it.",
    )
}

#[cfg(test)]
mod tests;
