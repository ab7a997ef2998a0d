//! `quilt_sso_mapping`: which roles people get in a catalog by what their identity provider says of them.

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported};
use super::timeouts::Timeouts;
use crate::attributes;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

mod admins;
mod check;
mod plan;
mod put;
mod seen;

attributes! {
    /// The sign-in mapping of a Quilt catalog: which roles people get, and who is an administrator, by what their identity provider says of them
    /// at each sign-in. Needs Quilt 1.54. A catalog has one, and one block says what it is.
    ///
    /// At each sign-in somebody's roles are replaced by those of the first rule that meets their identity token (with `union_roles`: of all that
    /// do), and by `default_role` where none does. Whoever applies this stays an administrator, whatever it says. A mapping after which nobody
    /// would be an administrator who can sign in is refused.
    ///
    /// A destroy takes the mapping away: people keep the roles that they have then.
    pub struct SsoMappingState {
        /// The catalog: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// Name of the role of people whom no rule meets.
        default_role: String = Required;
        /// Whether people get the roles of all rules that meet them. Otherwise the first one counts alone. Default: false. Needs Quilt 1.69.
        union_roles: bool = Optional.default(false);
        /// The rules, in order.
        mappings: Vec<MappingRule> = Optional;
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min, delete 30 min.
        timeouts: Timeouts = Optional.block();
        /// The mapping as the catalog has it, in YAML. What is changed in the catalog shows here.
        text: String = Computed;
        /// When it was set.
        timestamp: String = Computed;
        /// Who set it: this user stays an administrator.
        uploader: String = Computed;
        /// Host of the catalog.
        host: String = Computed;
    }
}

attributes! {
    /// One rule of a sign-in mapping.
    pub struct MappingRule {
        /// What the identity token (its claims, as an object) has to be like: a JSON schema, as `jsonencode({…})`. Name the claims in `required`:
        /// a token without a claim that is only described is met as well.
        schema: String = Required;
        /// Names of the roles of those whom it meets; the first is in use at once.
        roles: Vec<Value<String>> = Required;
        /// Whether they are administrators. Without `union_roles` and unset: they are not. With `union_roles`, `false` takes it from those whom another
        /// rule gives it to.
        admin: bool = Optional;
    }
}

/// `quilt_sso_mapping`.
pub struct SsoMappingResource;

#[async_trait]
impl CatalogObject for SsoMappingResource {
    const NAME: &'static str = "quilt_sso_mapping";
    type State = SsoMappingState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host"];
    const SETTING: bool = true;

    fn called(state: &SsoMappingState) -> String {
        match state.host.as_deref_option() {
            Some(host) => format!("Sign-in mapping of {host}"),
            None => "Sign-in mapping".into(),
        }
    }

    fn shared(state: &SsoMappingState) -> Shared<'_> {
        let SsoMappingState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &SsoMappingState) -> Option<Identity> {
        let name = "sign-in mapping".to_string().into();
        let identity = catalog::identity("setting", "mappings", &state.host, &name, &state.host)?;
        Some(Identity { import: identity.catalog.clone().unwrap_or_default(), ..identity })
    }

    fn check(config: &SsoMappingState, d: &mut Diagnostics) {
        check::validate(config, d);
    }

    async fn met(cx: &Cx, planned: &SsoMappingState, _d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned).await
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn deletion(_cx: &Cx, state: &SsoMappingState, d: &mut Diagnostics) -> Result<()> {
        let detail = "People keep the roles that they have, and nothing changes these at their next sign-in. Whoever is new gets the default role.";
        d.warn(format!("{} is taken away", Self::called(state)), detail);
        Ok(())
    }

    async fn make(
        at: &At<'_>,
        planned: SsoMappingState,
        _kept: &mut Kept<Self>,
    ) -> Result<SsoMappingState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let there = catalog.mapping.mapping().await?;
        if there.is_some_and(|there| !seen::is_alike(&planned, &there.text)) {
            return Err(plan::taken(catalog));
        }
        put::put(catalog, planned).await
    }

    async fn look(catalog: &Catalog, state: SsoMappingState) -> Result<Option<SsoMappingState>> {
        match catalog.mapping.mapping().await? {
            Some(found) => Ok(Some(seen::looked_at(state, &found, &catalog.host))),
            None => Ok(None),
        }
    }

    async fn change(
        at: &At<'_>,
        _prior: SsoMappingState,
        planned: SsoMappingState,
    ) -> Result<SsoMappingState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        put::put(catalog, planned).await
    }

    async fn remove(at: &At<'_>, _state: SsoMappingState, _d: &mut Diagnostics) -> Result<()> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        if catalog.mapping.mapping().await?.is_none() {
            return Ok(());
        }
        match catalog.mapping.set_mapping(None).await {
            Err(e) if e.is_in_doubt() && catalog.mapping.mapping().await?.is_none() => Ok(()),
            done => done,
        }
    }

    async fn begun(found: Imported) -> Result<SsoMappingState> {
        let Imported { catalog, input, .. } = found;
        let found = catalog.mapping.mapping().await?.ok_or_else(|| {
            Error::config(
                AttributePath::root(),
                format!("No sign-in mapping is set in {}.", catalog.host),
                "Set it with Terraform: there is nothing to import.",
            )
        })?;
        Ok(seen::looked_at(
            SsoMappingState { catalog: input, ..Default::default() },
            &found,
            &catalog.host,
        ))
    }
}

#[cfg(test)]
mod tests;
