//! `quilt_default_role`: the role that new people get in a catalog.

use std::sync::Arc;

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported, origin};
use super::timeouts::Timeouts;
use crate::attributes;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

mod chosen;

attributes! {
    /// The role that new people get in a Quilt catalog. Until one is set, nobody new can sign up or sign in: in a new deployment an administrator
    /// has to set it, and this does. A catalog has one, and one block says which.
    ///
    /// Where a sign-in mapping is set and people sign in through an identity provider alone, the mapping's own default counts
    /// (`default_role` of `quilt_sso_mapping`), and this one is refused. A destroy leaves the setting as it is: a catalog cannot do without.
    pub struct DefaultRoleState {
        /// Id of the role, as `quilt_role.<name>.id`. Give it, or `role`.
        role_id: String = OptionalComputed;
        /// Name of the role, for one that this configuration does not make, as `ReadQuiltBucket`.
        role: String = OptionalComputed;
        /// The catalog: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min.
        timeouts: Timeouts = Optional.block();
        /// Host of the catalog.
        host: String = Computed;
    }
}

/// `quilt_default_role`.
pub struct DefaultRoleResource;

#[async_trait]
impl CatalogObject for DefaultRoleResource {
    const NAME: &'static str = "quilt_default_role";
    type State = DefaultRoleState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host"];
    const SETTING: bool = true;
    const FORGOTTEN: bool = true;

    fn called(state: &DefaultRoleState) -> String {
        match state.host.as_deref_option() {
            Some(host) => format!("Default role of {host}"),
            None => "Default role".into(),
        }
    }

    fn shared(state: &DefaultRoleState) -> Shared<'_> {
        let DefaultRoleState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &DefaultRoleState) -> Option<Identity> {
        let name = "default role".to_string().into();
        let identity = catalog::identity("setting", "role_id", &state.host, &name, &state.host)?;
        Some(Identity { import: identity.catalog.clone().unwrap_or_default(), ..identity })
    }

    fn check(config: &DefaultRoleState, d: &mut Diagnostics) {
        chosen::validate(config, d);
    }

    fn shortened(config: &mut DefaultRoleState) {
        config.role = Value::Null;
    }

    // A setting is there always: there is nothing to take over.
    async fn met(_cx: &Cx, _: &DefaultRoleState, _d: &mut Diagnostics) -> Result<Met> {
        Ok(Met::Nothing)
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        let Draft { prior, config, planned, private, .. } = draft;
        let held = prior.as_ref().map(|prior| (&prior.host, &*private));
        planned.host = origin::host(cx, &config.catalog, held).await?;
        if chosen::stays(prior.as_ref(), config, planned) {
            return Ok(());
        }
        let (config, new) = (&*config, prior.is_none());
        let foresee = |catalog: Arc<Catalog>| async move {
            foreseen(&catalog, config, planned, new, d).await
        };
        catalog::asked(cx, &config.catalog, foresee).await.map(drop)
    }

    async fn deletion(_cx: &Cx, state: &DefaultRoleState, d: &mut Diagnostics) -> Result<()> {
        let detail = "A catalog cannot do without one once it is set: the destroy only forgets it. Whoever deletes the role leaves none.";
        d.warn(format!("{} stays", Self::called(state)), detail);
        Ok(())
    }

    async fn make(
        at: &At<'_>,
        planned: DefaultRoleState,
        _kept: &mut Kept<Self>,
    ) -> Result<DefaultRoleState> {
        set(at, planned).await
    }

    async fn look(catalog: &Catalog, state: DefaultRoleState) -> Result<Option<DefaultRoleState>> {
        let found = catalog.roles.default().await?;
        let host = catalog.host.clone().into();
        Ok(found.map(|role| DefaultRoleState { host, ..chosen::told(state, &role) }))
    }

    async fn change(
        at: &At<'_>,
        _prior: DefaultRoleState,
        planned: DefaultRoleState,
    ) -> Result<DefaultRoleState> {
        set(at, planned).await
    }

    async fn begun(found: Imported) -> Result<DefaultRoleState> {
        let Imported { catalog, input, .. } = found;
        let found = catalog.roles.default().await?;
        let role = found.ok_or_else(|| none(&catalog))?;
        let host = catalog.host.clone().into();
        let begun = DefaultRoleState { host, catalog: input, ..DefaultRoleState::default() };
        Ok(chosen::told(begun, &role))
    }
}

/// What a plan can say: whether it will be refused, and which role it takes the place of.
async fn foreseen(
    catalog: &Catalog,
    config: &DefaultRoleState,
    planned: &mut DefaultRoleState,
    new: bool,
    d: &mut Diagnostics,
) -> Result<()> {
    if catalog.roles.default_is_ruled().await? {
        return Err(ruled(catalog));
    }
    chosen::foreseen(catalog, config, planned).await?;
    let wanted = planned.role_id.as_deref_option();
    match catalog.roles.default().await? {
        Some(now)
            if new
                && Some(now.id.as_str()) != wanted
                && Some(now.name.as_str()) != planned.role.as_deref_option() =>
        {
            let detail = format!(
                "New people of {} get the role {} until this is applied.",
                catalog.host, now.name
            );
            d.warn(format!("{} is set already", DefaultRoleResource::called(planned)), detail);
        }
        _ => {}
    }
    Ok(())
}

async fn set(at: &At<'_>, planned: DefaultRoleState) -> Result<DefaultRoleState> {
    let At { cx, catalog, .. } = *at;
    let _turn = catalog::turn(cx, catalog).await;
    // The registry only fails at an id of nothing, and does not say so.
    let role = chosen::find(catalog, &planned).await?;
    let wanted = role.id.as_str();
    if !is_set(catalog, wanted).await? {
        match catalog.roles.set_default(wanted).await {
            Ok(()) => {}
            Err(e) if e.refusal() == Some("SsoConfigConflict") => return Err(ruled(catalog)),
            Err(e) => {
                if !e.is_in_doubt() || !is_set(catalog, wanted).await? {
                    return Err(e);
                }
            }
        }
    }
    Ok(DefaultRoleState { host: catalog.host.clone().into(), ..chosen::told(planned, &role) })
}

async fn is_set(catalog: &Catalog, id: &str) -> Result<bool> {
    Ok(catalog.roles.default().await?.is_some_and(|role| role.id == id))
}

fn ruled(catalog: &Catalog) -> Error {
    Error::config(
        AttributePath::new("role_id"),
        format!("The sign-in mapping of {} rules which role new people get.", catalog.host),
        "Set `default_role` of `quilt_sso_mapping`, and take this block out.",
    )
}

fn none(catalog: &Catalog) -> Error {
    Error::config(
        AttributePath::root(),
        format!("No default role is set in {}.", catalog.host),
        "Set it with Terraform: there is nothing to import.",
    )
}

#[cfg(test)]
mod tests;
