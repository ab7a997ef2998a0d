//! `quilt_sso`: sign-in through one identity provider, as parameters of an existing Quilt stack.

use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::timeouts::{self, Timeouts};
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept, Resource, is_made_now};
use crate::outcome::{Error, Result};
use crate::quilt::sso::IdentityProvider;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

pub use check::PROVIDERS;

mod change;
mod check;
mod owners;
mod plan;
mod preview;
mod rules;
mod seen;

attributes! {
    /// Sign-in through one identity provider: Google, Microsoft Entra ID (Azure), Okta or OneLogin. It sets the sign-in parameters of a Quilt
    /// stack and nothing else: its template, its other parameters, its tags and its role stay as they are.
    ///
    /// Every template takes sign-in in one of three ways (`family`). `multi`: any combination of identity providers, one `quilt_sso` each.
    /// `single`: exactly one. `legacy`: exactly one, without a client secret. A parameter that a `quilt_sso` sets must not stand in the
    /// `parameters` of the `quilt_stack` as well: each would undo the other. Within one configuration the plan refuses that.
    ///
    /// Destroying it turns the identity provider off. When it was the last way to sign in, sign-in with a password is turned on.
    pub struct SsoState {
        /// Name of the Quilt stack.
        stack_name: String = Required.replaces();
        /// The stack's region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// `google`, `azure`, `okta` or `onelogin`. A change switches from one to the other at once.
        identity_provider: String = Required;
        /// The client's (application's) id at the identity provider.
        client_id: String = Required;
        /// The client's secret. It is kept in the state; `client_secret_wo` keeps it out. Templates of the family `legacy` take none.
        client_secret: String = Optional.sensitive();
        /// The client's secret, never kept in state or plan. It is sent at creation and whenever `client_secret_wo_version` changes. Needs
        /// Terraform or OpenTofu 1.11.
        client_secret_wo: String = Optional.write_only().sensitive();
        /// Any number; raise it to send `client_secret_wo` again. Given for the first time after an import, it sends nothing.
        client_secret_wo_version: i64 = Optional;
        /// The issuer, as the identity provider's console shows it. Okta: `https://<company>.okta.com/oauth2/default`. OneLogin:
        /// `https://<company>.onelogin.com/oidc/2`. Azure: `https://login.microsoftonline.com/<tenant id>/v2.0`, or the host of a national
        /// cloud. Google has none.
        base_url: String = Optional;
        /// Azure only, instead of `base_url`: the directory (tenant) id, or a domain of the tenant.
        tenant_id: String = Optional;
        /// Whether a plan that changes the sign-in asks the issuer for its description (`<issuer>/.well-known/openid-configuration`) and
        /// warns when there is no answer within 5 seconds, or one that names another issuer. The provider's proxy and authorities are used
        /// and nothing secret is sent. Default: false. Google is not asked.
        check_issuer: bool = Optional;
        /// Google Workspace domains whose people may sign in. Unset leaves them as they are. One `quilt_sso` of a stack may set them.
        domains: Set<Value<String>> = Optional;
        /// Whether people may sign in with a password as well. Unset leaves it as it is. One `quilt_sso` of a stack may set it.
        password_auth: bool = Optional;
        /// How long an apply waits, a running operation of the stack included. Defaults: create 3 h, update 3 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// `<stack name>/<identity provider>`.
        id: String = Computed;
        /// ARN of the stack: it says in which account this sign-in is.
        stack_id: String = Computed;
        /// How the stack's template takes sign-in: `legacy`, `single` or `multi`.
        family: String = Computed;
        /// The issuer that is sent: `base_url` or `tenant_id` in the one form that works. Null for Google.
        issuer_url: String = Computed;
        /// Where the identity provider sends people back to; enter it in its console.
        redirect_uri: String = Computed;
        /// What to enter in the identity provider's console, step by step.
        setup: String = Computed;
    }
}

/// What is remembered beside the state of a sign-in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SsoPrivate {
    /// This provider turned it on, rather than an import.
    #[serde(default)]
    created: bool,
    /// An apply ended before it was seen to arrive.
    #[serde(default)]
    pending: bool,
}

/// `quilt_sso`.
pub struct SsoResource;

impl SsoResource {
    async fn deploy<'a>(cx: &'a Cx, state: &SsoState) -> Result<Deploy<'a>> {
        let id = state.stack_id.as_deref_option().unwrap_or_default();
        Deploy::of(cx, id, state.region.as_deref_option()).await
    }
}

/// The identity provider of a state.
fn provider(state: &SsoState) -> Option<IdentityProvider> {
    state.identity_provider.as_ref_option().and_then(|word| IdentityProvider::of(word))
}

fn certain(state: &SsoState) -> Result<IdentityProvider> {
    let unknown = || {
        Error::config(at("identity_provider"), "This is no identity provider.", check::PROVIDERS)
    };
    provider(state).ok_or_else(unknown)
}

fn name(state: &SsoState) -> &str {
    state.stack_name.as_deref_option().unwrap_or_default()
}

fn at(attribute: &'static str) -> AttributePath {
    AttributePath::new(attribute)
}

/// A stack that has, or will have, sign-in to speak of.
fn alive(stack: &Stack) -> bool {
    !stack.status.never_completed() && !stack.status.going()
}

#[async_trait]
impl Resource for SsoResource {
    const NAME: &'static str = "quilt_sso";
    type State = SsoState;
    type Private = SsoPrivate;
    // A stack of the family `multi` has several. It changes with the identity provider, as the sign-in itself does.
    const IDENTIFIED_BY: &'static [&'static str] = &["stack_name", "identity_provider"];

    fn subject(state: &SsoState) -> String {
        let word =
            state.identity_provider.as_ref_option().map_or("an identity provider", String::as_str);
        let stack = state.stack_name.as_ref_option().map_or("(name not known yet)", String::as_str);
        format!("Sign-in through {word} of stack {stack}")
    }

    fn arns(state: &SsoState) -> Vec<&Value<String>> {
        vec![&state.stack_id]
    }

    fn identity(state: &SsoState) -> Option<Identity> {
        let (stack, provider) = (state.stack_name.as_ref_option()?, provider(state)?);
        let name = format!("{stack}/{}", provider.word());
        // AWS has no ARN for it: its stack and its provider stand for one, once it is there.
        let id = state.id.as_ref_option().map(|_| name.clone());
        Identity::of("sign-in", "identity_provider", Some(name), &state.region, &id.into())
    }

    /// Turning on what is on already with the same client changes nothing: there is nothing to take over.
    async fn meets(&self, cx: &Cx, planned: &SsoState, _d: &mut Diagnostics) -> Result<Met> {
        let stacks = &cx.aws(planned.region.as_deref_option()).await?.stacks;
        if let Some(stack) = stacks.find(name(planned)).await?.filter(alive) {
            change::foreign(&stack, planned)?;
        }
        Ok(Met::Nothing)
    }

    fn validate(&self, config: &SsoState, d: &mut Diagnostics) {
        check::validate(config, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &SsoState, d: &mut Diagnostics) -> Result<()> {
        plan::deletion(cx, state, d).await;
        Ok(())
    }

    async fn create(&self, cx: &Cx, planned: SsoState, kept: &mut Kept<Self>) -> Result<SsoState> {
        let deploy = Self::deploy(cx, &planned).await?;
        let Some(found) = deploy.find(name(&planned)).await? else {
            return Err(plan::no_stack(&planned, &deploy.aws.region));
        };
        let limit = timeouts::STACK.with(&planned.timeouts).create;
        kept.private = SsoPrivate { created: true, pending: true };
        let change = change::Change {
            deploy: &deploy,
            prior: None,
            planned: &planned,
            private: &kept.private,
        };
        let done = deploy.update(name(&planned), limit, |live| change.order(live)).await;
        if let Err(Error::Interrupted { .. }) = &done {
            kept.keep(SsoState { stack_id: found.id.into(), ..planned.clone() });
        }
        let stack = done?;
        kept.private.pending = false;
        Ok(seen::after(planned, &stack))
    }

    async fn read(
        &self,
        cx: &Cx,
        state: SsoState,
        _private: &mut SsoPrivate,
    ) -> Result<Option<SsoState>> {
        let deploy = Self::deploy(cx, &state).await?;
        let stack = deploy.find(name(&state)).await?.filter(alive);
        Ok(stack.and_then(|stack| seen::read(state, &stack)))
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: SsoState,
        planned: SsoState,
        kept: &mut Kept<Self>,
    ) -> Result<SsoState> {
        let deploy = Self::deploy(cx, &prior).await?;
        let limit = timeouts::STACK.with(&planned.timeouts).update;
        let change = change::Change {
            deploy: &deploy,
            prior: Some(&prior),
            planned: &planned,
            private: &kept.private,
        };
        let done = deploy.update(name(&prior), limit, |live| change.order(live)).await;
        kept.private.pending = done.is_err();
        Ok(seen::after(planned, &done?))
    }

    async fn delete(&self, cx: &Cx, state: SsoState, kept: &mut Kept<Self>) -> Result<()> {
        let deploy = Self::deploy(cx, &state).await?;
        if is_made_now::<Self>(cx, &state).await {
            // `create_before_destroy`: what is to go is what has just come.
            let detail = "This apply has set it up in another object; it stays on.";
            kept.diagnostics.warn(format!("{} was not turned off", Self::subject(&state)), detail);
            return Ok(());
        }
        let limit = timeouts::STACK.with(&state.timeouts).delete;
        let there = async || deploy.find(name(&state)).await.map(|s| s.is_some_and(|s| alive(&s)));
        if !there().await? {
            return Ok(());
        }
        let password = AtomicBool::new(false);
        match deploy
            .update(name(&state), limit, |live| change::off(&deploy, &state, live, &password))
            .await
        {
            Ok(_) if password.into_inner() => {
                kept.diagnostics.warn(plan::PASSWORD_ON, plan::password_on(&state));
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(e @ Error::Failed { .. }) => {
                if there().await? {
                    Err(e)
                } else {
                    Ok(())
                }
            }
            Err(e) => Err(e),
        }
    }

    async fn import(&self, cx: &Cx, id: &str, region: Option<&str>) -> Result<SsoState> {
        seen::import(cx, id, region).await
    }
}

#[cfg(test)]
mod tests;
