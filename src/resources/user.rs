//! `quilt_user`: somebody's account in a catalog.

use std::sync::Arc;

use async_trait::async_trait;

use crate::attributes;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

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
    pub struct UserState {
        /// Name of the user: a letter, then letters in lower case, digits and `_`. Whoever came through an identity provider has an e-mail
        /// address for a name; such an account is imported.
        name: String = Required.replaces();
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
        /// The name.
        id: String = Computed.stable();
        /// Whether the user signs in through an identity provider alone.
        sso_only: bool = Computed;
        /// Whether the sign-in mapping rules the roles of this user: then `role` and `extra_roles` are not looked at.
        roles_ruled_by_mapping: bool = Computed;
    }
}

/// `quilt_user`.
pub struct UserResource;

impl UserResource {
    async fn catalog(cx: &Cx, _state: &UserState) -> Result<Arc<Catalog>> {
        cx.catalog(None).await
    }
}

fn name(state: &UserState) -> &str {
    state.name.as_deref_option().unwrap_or_default()
}

fn is_true(value: &Value<bool>) -> bool {
    *value == Value::Value(true)
}

#[async_trait]
impl Resource for UserResource {
    const NAME: &'static str = "quilt_user";
    type State = UserState;
    type Private = ();
    const IDENTIFIED_BY: &'static [&'static str] = &["name"];

    fn subject(state: &UserState) -> String {
        match state.name.as_deref_option() {
            Some(name) => format!("User {name}"),
            None => "User (name not known yet)".into(),
        }
    }

    fn arns(_state: &UserState) -> Vec<&Value<String>> {
        vec![]
    }

    fn identity(state: &UserState) -> Option<Identity> {
        let name = state.name.as_deref_option().map(str::to_string);
        Identity::of("user", "name", name, &Value::Null, &state.id)
    }

    async fn meets(&self, cx: &Cx, planned: &UserState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(Self::catalog(cx, planned).await, planned, d).await
    }

    fn validate(&self, config: &UserState, d: &mut Diagnostics) {
        check::check(config, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        let catalog = Self::catalog(cx, &draft.planned).await;
        plan::plan(catalog, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &UserState, _d: &mut Diagnostics) -> Result<()> {
        plan::plan_end(Self::catalog(cx, state).await, state).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: UserState,
        kept: &mut Kept<Self>,
    ) -> Result<UserState> {
        let catalog = Self::catalog(cx, &planned).await?;
        let (begun, adopted) = put::begin(cx, &catalog, &planned).await?;
        if adopted {
            kept.adopted();
        }
        kept.keep(seen::state(planned.clone(), &begun));
        kept.complete();
        let found = put::bring(cx, &catalog, begun, &planned).await?;
        Ok(seen::state(planned, &found))
    }

    async fn read(
        &self,
        cx: &Cx,
        state: UserState,
        _private: &mut (),
    ) -> Result<Option<UserState>> {
        let all = Self::catalog(cx, &state).await?.users.list().await?;
        let found = seen::named(&all, name(&state))?;
        let named = |user: &crate::quilt::access::User| UserState {
            name: user.name.clone().into(),
            ..state.clone()
        };
        Ok(found.map(|user| seen::state(named(user), user)))
    }

    async fn update(
        &self,
        cx: &Cx,
        _prior: UserState,
        planned: UserState,
        _kept: &mut Kept<Self>,
    ) -> Result<UserState> {
        let catalog = Self::catalog(cx, &planned).await?;
        let begun = put::look(&catalog, name(&planned)).await?;
        let found = put::bring(cx, &catalog, begun, &planned).await?;
        Ok(seen::state(planned, &found))
    }

    async fn delete(&self, cx: &Cx, state: UserState, kept: &mut Kept<Self>) -> Result<()> {
        let catalog = Self::catalog(cx, &state).await?;
        if put::end(cx, &catalog, &state).await? {
            let summary = format!("The account of {} stays, deactivated", name(&state));
            let detail = "Nobody signs in to it any more. `delete_on_destroy = true`, applied before the destroy, deletes it.";
            kept.diagnostics.warn_at(AttributePath::root(), summary, detail);
        }
        Ok(())
    }

    async fn import(&self, _cx: &Cx, id: &str, _region: Option<&str>) -> Result<UserState> {
        Ok(seen::import(id))
    }
}

#[cfg(test)]
mod tests;
