//! The plan of a `quilt_sso`: what will be sent, and what the stack's template cannot do.

use super::{SsoResource, SsoState, alive, at, change, check, name, provider};
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::outcome::{Error, Result};
use crate::quilt::sso::{SignIn, issuer, setup};
use crate::quilt::template::Template;
use crate::resource::Draft;
use crate::tf::{Diagnostics, Report, Value};

/// Said when the last identity provider goes.
pub const PASSWORD_ON: &str = "Sign-in with a password is turned on";

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<SsoResource>, d: &mut Diagnostics) -> Result<()> {
    let deploy = match Deploy::to(cx, draft.planned.region.as_ref_option().map(String::as_str)).await {
        Ok(deploy) => Some(deploy),
        Err(Error::NotYet) => None,
        Err(e) => return Err(e),
    };
    if let (Value::Unknown, Some(deploy)) = (&draft.planned.region, &deploy) {
        draft.planned.region = deploy.aws.region.clone().into();
    }
    if !draft.private.created {
        keep_imported(draft);
    }
    follow(draft);
    if draft.prior.as_ref().is_some_and(|prior| *prior == draft.planned) {
        return Ok(());
    }
    said(draft, d);
    match deploy {
        Some(deploy) if draft.planned.stack_name.is_value() && provider(&draft.planned).is_some() => possible(&deploy, draft).await,
        _ => Ok(()),
    }
}

/// After an import the issuer stands as AWS has it; one that means the same is no change.
fn keep_imported(draft: &mut Draft<SsoResource>) {
    let (Some(prior), Some(provider)) = (&draft.prior, provider(&draft.planned)) else { return };
    if let (Value::Value(before), Value::Value(now)) = (&prior.base_url, &draft.planned.base_url)
        && issuer::alike(provider, before, now)
    {
        draft.planned.base_url = prior.base_url.clone();
    }
}

/// What follows from the arguments is known ahead, what follows from the stack as far as it was seen.
fn follow(draft: &mut Draft<SsoResource>) {
    let planned = &mut draft.planned;
    let provider = provider(planned);
    planned.id = match (&planned.stack_name, provider) {
        (Value::Value(stack), Some(provider)) => Value::Value(format!("{stack}/{}", provider.word())),
        _ => Value::Unknown,
    };
    planned.issuer_url = match provider.map(|p| check::issuer_of(p, planned)) {
        Some(Some(Ok(url))) => url.into(),
        Some(None) if !matches!(planned.base_url, Value::Unknown) && !matches!(planned.tenant_id, Value::Unknown) => Value::Null,
        _ => Value::Unknown,
    };
    let Some(prior) = &draft.prior else { return };
    let elsewhere = prior.stack_name != planned.stack_name || prior.region != planned.region || draft.private.pending;
    if elsewhere {
        (planned.family, planned.redirect_uri, planned.setup) = (Value::Unknown, Value::Unknown, Value::Unknown);
        return;
    }
    planned.family = prior.family.clone();
    planned.redirect_uri = prior.redirect_uri.clone();
    planned.setup = match (provider, prior.redirect_uri.as_ref_option()) {
        (Some(_), _) if prior.identity_provider == planned.identity_provider => prior.setup.clone(),
        (Some(provider), Some(redirect)) => setup::steps(provider, redirect).into(),
        _ => Value::Unknown,
    };
}

/// Warnings about secrets.
fn said(draft: &Draft<SsoResource>, d: &mut Diagnostics) {
    let (config, prior) = (&draft.config, &draft.prior);
    if prior.is_none() && !matches!(config.client_secret, Value::Null) {
        let detail = "`client_secret` is kept in the state. `client_secret_wo` keeps it out, with Terraform 1.11 or later.";
        d.warn_at(at("client_secret"), "A secret will be kept in the state", detail);
    }
    let first = prior.as_ref().is_some_and(|p| matches!(p.client_secret_wo_version, Value::Null) && matches!(p.client_secret, Value::Null));
    if !draft.private.created && first && !matches!(config.client_secret_wo_version, Value::Null) {
        let detail = "After the import the stack keeps the secret it has. To send this one, apply, raise `client_secret_wo_version` and apply again.";
        d.warn_at(at("client_secret_wo_version"), "The secret is not sent", detail);
    }
}

/// Asks the stack, if it is there: its template may not be able to.
async fn possible(deploy: &Deploy<'_>, draft: &Draft<SsoResource>) -> Result<()> {
    let Some(stack) = deploy.aws.stacks.find(name(&draft.planned)).await?.filter(alive) else { return Ok(()) };
    let template = Template::parse(&deploy.aws.stacks.template(&stack.id).await?).ok();
    // A new stack's identity provider takes nobody's place.
    let prior = draft.prior.as_ref().filter(|prior| prior.stack_name == draft.planned.stack_name);
    let mut planned = draft.planned.clone();
    planned.client_secret_wo = draft.config.client_secret_wo.clone();
    change::values(prior, &planned, &draft.private, &stack.parameters, template.as_ref()).map(drop)
}

/// Says ahead that the last way to sign in goes. A stack that cannot be looked at is no reason to refuse.
pub async fn deletion(cx: &Cx, state: &SsoState, d: &mut Diagnostics) {
    let Ok(deploy) = Deploy::to(cx, state.region.as_ref_option().map(String::as_str)).await else { return };
    let Ok(Some(stack)) = deploy.aws.stacks.find(name(state)).await else { return };
    let Some(provider) = provider(state).filter(|_| alive(&stack)) else { return };
    if SignIn::of(&stack.parameters).turned_off(provider, false).password {
        d.warn("Sign-in with a password will be turned on", password_on(state));
    }
}

/// Why.
pub fn password_on(state: &SsoState) -> String {
    let name = name(state);
    format!(
        "It was off, and this is the last identity provider of stack {name}: nobody could sign in any more. People whom an identity provider \
         brought in have no password; administrators made with one do."
    )
}

/// The stack is not there.
pub fn no_stack(planned: &SsoState, region: &str) -> Error {
    let what = format!("There is no stack {} in {region}.", name(planned));
    Error::config(at("stack_name"), what, "Make it first: `stack_name = quilt_stack.<name>.name` lets Terraform wait for it.")
}
