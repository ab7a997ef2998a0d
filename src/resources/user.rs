//! `quilt_user`: somebody's account in a catalog.

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported};
use super::timeouts::Timeouts;
use crate::attributes;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::Result;
use crate::tf::{Diagnostics, Report, Set, Value};

mod check;
mod plan;
mod put;
mod seen;

attributes! {
    /// Somebody's account in a catalog, with the roles that they have.
    ///
    /// When one is made, the registry writes to the address at once, with a link for a password; the plan says so. A destroy deactivates
    /// the account and keeps it, unless `delete_on_destroy` says otherwise. People who sign in through an identity provider need no such
    /// resource: they get an account at their first sign-in, and roles by the sign-in mapping.
    ///
    /// Refused is what would lock out who the provider signs in as, or the last administrator who can sign in.
    pub struct UserState {
        /// Name of the user: a letter, then letters in lower case, digits and `_`. Whoever came through an identity provider has an e-mail
        /// address for a name; such an account is imported.
        name: String = Required.replaces();
        /// The catalog that they are in: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// E-mail address. Another one is written into the account; nothing is mailed then.
        email: String = Required;
        /// The role that is in use at first, by its name. Users change between their roles themselves, which is no change to Terraform.
        role: String = Required;
        /// More roles that the user may change to, by their names.
        extra_roles: Set<Value<String>> = Optional;
        /// Whether the user is an administrator.
        admin: bool = Optional.default(false);
        /// Whether the user may sign in.
        active: bool = Optional.default(true);
        /// Whether a destroy deletes the account, with its API keys. Otherwise it is deactivated, and a later creation of that name takes it up again.
        delete_on_destroy: bool = Optional.default(false);
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min, delete 30 min.
        timeouts: Timeouts = Optional.block();
        /// The name.
        id: String = Computed.stable();
        /// Host of the catalog.
        host: String = Computed;
        /// Whether the user signs in through an identity provider alone.
        sso_only: bool = Computed;
        /// Whether the sign-in mapping rules the roles of this user: then `role` and `extra_roles` are not looked at.
        roles_ruled_by_mapping: bool = Computed;
        /// Whether the creation took over an account that was there: one that an interrupted apply left, or a deactivated one of that name and
        /// address. Null after an import.
        adopted: bool = Computed.stable();
    }
}

/// `quilt_user`.
pub struct UserResource;

fn name(state: &UserState) -> &str {
    state.name.as_deref_option().unwrap_or_default()
}

fn is_true(value: &Value<bool>) -> bool {
    *value == Value::Value(true)
}

#[async_trait]
impl CatalogObject for UserResource {
    const NAME: &'static str = "quilt_user";
    type State = UserState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host", "name"];

    fn called(state: &UserState) -> String {
        match state.name.as_deref_option() {
            Some(name) => format!("User {name}"),
            None => "User (name not known yet)".into(),
        }
    }

    fn shared(state: &UserState) -> Shared<'_> {
        let UserState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &UserState) -> Option<Identity> {
        catalog::identity("user", "name", &state.host, &state.name, &state.id)
    }

    async fn met(cx: &Cx, planned: &UserState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    fn check(config: &UserState, d: &mut Diagnostics) {
        check::check(config, d);
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, _d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft).await
    }

    async fn deletion(cx: &Cx, state: &UserState, _d: &mut Diagnostics) -> Result<()> {
        plan::plan_end(cx, state).await
    }

    async fn make(at: &At<'_>, planned: UserState, kept: &mut Kept<Self>) -> Result<UserState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let (begun, adopted) = put::begin(cx, catalog, &planned, &kept.adoption()).await?;
        if adopted {
            kept.adopted();
        }
        kept.keep(seen::state(planned.clone(), &begun, &catalog.host));
        kept.complete();
        let found = put::bring(cx, catalog, begun, &planned).await?;
        Ok(seen::state(planned, &found, &catalog.host))
    }

    async fn look(catalog: &Catalog, state: UserState) -> Result<Option<UserState>> {
        let all = catalog.users.list().await?;
        match all.iter().find(|user| user.name == name(&state)) {
            Some(user) => Ok(Some(seen::state(state.clone(), user, &catalog.host))),
            None => Ok(None),
        }
    }

    async fn change(at: &At<'_>, prior: UserState, planned: UserState) -> Result<UserState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        plan::still(cx, &prior, &planned).await?;
        let begun = put::look(catalog, name(&planned)).await?;
        let found = put::bring(cx, catalog, begun, &planned).await?;
        Ok(seen::state(planned, &found, &catalog.host))
    }

    async fn remove(at: &At<'_>, state: UserState, d: &mut Diagnostics) -> Result<()> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        plan::plan_end(cx, &state).await?;
        if put::end(cx, catalog, &state).await? {
            let summary = format!("The account of {} stays, deactivated", name(&state));
            let detail = "Nobody signs in to it any more. `delete_on_destroy = true`, applied before the destroy, deletes it.";
            d.warn(summary, detail);
        }
        Ok(())
    }

    async fn begun(found: Imported) -> Result<UserState> {
        let Imported { catalog, name, input } = found;
        let all = catalog.users.list().await?;
        let user = seen::named(&all, &name)?.ok_or_else(|| put::none(&catalog, &name))?;
        let begun =
            UserState { catalog: input, delete_on_destroy: false.into(), ..UserState::default() };
        Ok(seen::state(begun, user, &catalog.host))
    }
}

#[cfg(test)]
mod tests;
