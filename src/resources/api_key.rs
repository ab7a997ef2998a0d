//! `quilt_api_key`: an API key of a catalog, kept in Secrets Manager and renewed before it ends.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::catalog::origin::Origin;
use super::catalog::{CatalogInput, LIMITS};
use super::timeouts::{self, Timeouts};
use crate::attributes;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::tf::{Diagnostics, Value};

mod check;
mod creation;
mod door;
mod end;
mod make;
mod plan;
mod seen;
mod update;
mod vault;

attributes! {
    /// An API key of a Quilt catalog, kept in a secret of Secrets Manager and renewed before it ends. The key itself stands in that secret alone:
    /// neither in the state nor in a plan. It is that of the user who signs in when it is made, and may do what this user may. Needs Quilt 1.67.
    ///
    /// It is the way to a catalog in which people sign in through an identity provider alone: made while passwords are still taken, it is what
    /// everything else signs in by, with `catalog = quilt_api_key.<name>`. A renewal is made by the key itself while it lasts; the one before is
    /// revoked once the new one is seen to work. The secret keeps its ARN. A key that has ended or was revoked is made anew, by the sign-in of
    /// `catalog`, or by a key that an administrator has put into the secret.
    pub struct ApiKeyState {
        /// Name of the key, as the catalog shows it. It belongs to this resource: other keys of the user by the same name are what an
        /// interrupted apply has left (`stale_key_ids`). A change makes another key.
        name: String = Required;
        /// The catalog, and whose key it is: `quilt_stack.<name>`, or an object. Default: the one of the provider block. Another
        /// catalog is refused; a new host of the same one is followed.
        catalog: CatalogInput = Optional;
        /// How many days a key lasts, 1 to 365. A change makes another key.
        expires_in_days: i64 = Optional.default(365);
        /// So many days before its end the next plan renews it; 0: once it has ended, which takes another way to sign in. Less than
        /// `expires_in_days`. Default: 30, or a third of `expires_in_days` where that is less.
        renew_before_days: i64 = Optional;
        /// Name of the secret. Default: `quilt/<host>/api-key/<name>`.
        secret_name: String = OptionalComputed.replaces();
        /// Tags of the secret.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min, delete 30 min.
        timeouts: Timeouts = Optional.block();
        /// ARN of the secret. It holds JSON: the key as `api_key`, with `key_id`, `name` and `web_host`.
        api_key_secret_arn: String = Computed.stable();
        /// Host of the catalog.
        web_host: String = Computed;
        /// ARN of the registry's role, where `catalog` has it: so that `catalog = quilt_api_key.<name>` of a `quilt_role` leads to it too.
        registry_role_arn: String = Computed;
        /// The catalog's id of the key; null when it has ended, and the next apply makes another one.
        key_id: String = Computed.stable();
        /// When the key ends.
        expires_at: String = Computed.stable();
        /// Ids of other keys of this name, which the next apply revokes.
        stale_key_ids: Vec<Value<String>> = Computed.stable();
        /// Tags of the secret, those of the provider block included.
        tags_all: BTreeMap<String, Value<String>> = Computed;
        /// Whether the creation took over a secret that was there, as an interrupted apply leaves one. Null after an import.
        adopted: bool = Computed.stable();
    }
}

/// `quilt_api_key`.
pub struct ApiKeyResource;

/// What is remembered beside the state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ApiKeyPrivate {
    /// What the plan said of time: the key is due. The plan within the apply says the same.
    #[serde(default)]
    due: Option<bool>,
    /// Which catalog it is in.
    #[serde(default)]
    origin: Origin,
}

/// The registry's role, as `catalog` has it.
fn registry_role(catalog: &Value<CatalogInput>) -> Value<String> {
    match catalog {
        Value::Null => Value::Null,
        Value::Unknown => Value::Unknown,
        Value::Value(catalog) => catalog.registry_role_arn.clone(),
    }
}

fn text(value: &Value<String>) -> &str {
    value.as_deref_option().unwrap_or_default()
}

#[async_trait]
impl Resource for ApiKeyResource {
    const NAME: &'static str = "quilt_api_key";
    type State = ApiKeyState;
    type Private = ApiKeyPrivate;
    const IDENTIFIED_BY: &'static [&'static str] = &["secret_name"];

    fn subject(state: &ApiKeyState) -> String {
        format!("API key {}", state.name.as_deref_option().unwrap_or("(name not known yet)"))
    }

    fn arns(state: &ApiKeyState) -> Vec<&Value<String>> {
        vec![&state.api_key_secret_arn]
    }

    fn identity(state: &ApiKeyState) -> Option<Identity> {
        let name = state.secret_name.as_ref_option().cloned();
        Identity::of("secret", "secret_name", name, &Value::Null, &state.api_key_secret_arn)
    }

    fn validate(&self, config: &ApiKeyState, d: &mut Diagnostics) {
        check::validate(config, d);
        timeouts::validate(&config.timeouts, d);
    }

    async fn meets(&self, cx: &Cx, planned: &ApiKeyState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: ApiKeyState,
        kept: &mut Kept<Self>,
    ) -> Result<ApiKeyState> {
        let limit = LIMITS.with(&planned.timeouts).create;
        creation::create(cx, planned, limit, kept).await
    }

    async fn read(
        &self,
        cx: &Cx,
        state: ApiKeyState,
        private: &mut ApiKeyPrivate,
    ) -> Result<Option<ApiKeyState>> {
        seen::read(cx, state, &mut private.origin).await
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: ApiKeyState,
        planned: ApiKeyState,
        kept: &mut Kept<Self>,
    ) -> Result<ApiKeyState> {
        let limit = LIMITS.with(&planned.timeouts).update;
        update::update(cx, prior, planned, limit, &kept.private.origin).await
    }

    async fn delete(&self, cx: &Cx, state: ApiKeyState, kept: &mut Kept<Self>) -> Result<()> {
        let limit = LIMITS.with(&state.timeouts).delete;
        end::delete(cx, &state, limit, &mut kept.diagnostics).await
    }

    async fn import(&self, cx: &Cx, id: &str, region: Option<&str>) -> Result<ApiKeyState> {
        seen::import(cx, id, region).await
    }
}

#[cfg(test)]
pub mod tests;
