//! The plan of a `quilt_sso`: what will be sent, and what the stack's template cannot do.

use std::collections::BTreeMap;

use super::{
    SsoResource, SsoState, alive, at, change, check, name, owners, preview, provider, rules,
};
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::resource::Draft;
use crate::outcome::{Error, Result};
use crate::quilt::sso::{Family, SignIn, discovery, issuer, setup};
use crate::tf::{Diagnostics, Report, Value};

/// Said when the last identity provider goes.
pub const PASSWORD_ON: &str = "Sign-in with a password is turned on";

/// How a sign-in comes after its stack.
const BEFORE: &str = "`stack_name = quilt_stack.<name>.name` lets Terraform wait for it.";

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<SsoResource>, d: &mut Diagnostics) -> Result<()> {
    let aws = cx.aws_if_known(draft.planned.region.as_deref_option()).await?;
    let deploy = aws.map(|aws| Deploy::over(cx, aws));
    if let (Value::Unknown, Some(deploy)) = (&draft.planned.region, &deploy) {
        draft.planned.region = deploy.aws.region.clone().into();
    }
    if !draft.private.created {
        keep_imported(draft);
    }
    let coming = owners::check(cx, &draft.planned, d);
    follow(draft);
    if let Some(stack) = &coming {
        foresee(
            draft,
            |name| stack.template.declares(name),
            |name| stack.parameters.get(name).cloned(),
        );
    }
    if draft.prior.as_ref().is_some_and(|prior| *prior == draft.planned) {
        return Ok(());
    }
    said(draft, d);
    let Some(deploy) = deploy.filter(|_| provider(&draft.planned).is_some()) else { return Ok(()) };
    answers(cx, &draft.planned, d).await;
    match &coming {
        Some(stack) => {
            let sets = values(draft, &stack.known(), Some(&stack.template))?;
            rules::check(&draft.planned, sets, stack.so_far(), Some(&stack.template), d);
        }
        None if draft.planned.stack_name.is_value() => possible(&deploy, draft, d).await?,
        None => return Ok(()),
    }
    preview::show(&deploy, draft, coming.as_deref(), d).await
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
        (Value::Value(stack), Some(provider)) => {
            Value::Value(format!("{stack}/{}", provider.word()))
        }
        _ => Value::Unknown,
    };
    planned.issuer_url = match provider.map(|p| check::issuer_of(p, planned)) {
        Some(Some(Ok(url))) => url.into(),
        Some(None) if !planned.base_url.is_unknown() && !planned.tenant_id.is_unknown() => {
            Value::Null
        }
        _ => Value::Unknown,
    };
    let Some(prior) = &draft.prior else { return };
    planned.stack_id = prior.stack_id.clone();
    let elsewhere = prior.stack_name != planned.stack_name
        || prior.region != planned.region
        || draft.private.pending;
    if elsewhere {
        (planned.family, planned.redirect_uri, planned.setup) =
            (Value::Unknown, Value::Unknown, Value::Unknown);
        planned.stack_id = Value::Unknown;
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

/// What follows from a stack that is there, or will be once this plan is applied. `value`: inner `None` is not known yet.
fn foresee(
    draft: &mut Draft<SsoResource>,
    declares: impl Fn(&str) -> bool,
    value: impl Fn(&str) -> Option<Option<String>>,
) {
    let (Some(provider), false) = (provider(&draft.planned), draft.private.pending) else { return };
    let planned = &mut draft.planned;
    planned.family = Family::of(declares).map(|family| family.word().to_string()).into();
    match value("QuiltWebHost") {
        Some(Some(host)) => {
            let redirect = setup::redirect_uri(&host);
            planned.setup = setup::steps(provider, &redirect).into();
            planned.redirect_uri = redirect.into();
        }
        Some(None) => (planned.redirect_uri, planned.setup) = (Value::Unknown, Value::Unknown),
        None => {}
    }
}

/// Asks the issuer who it is, where that is wanted. What it answers is advice: it may be out of order, or out of reach from here alone.
async fn answers(cx: &Cx, planned: &SsoState, d: &mut Diagnostics) {
    let (Some(provider), Value::Value(issuer), Value::Value(true)) =
        (provider(planned), &planned.issuer_url, &planned.check_issuer)
    else {
        return;
    };
    let doubt = match cx.web.page(&discovery::address(issuer)).await {
        Ok(page) => discovery::doubt(provider, issuer, page.status, &page.body),
        Err(why) => {
            Some(format!("{} cannot be read from here: {why}.", discovery::address(issuer)))
        }
    };
    if let Some(doubt) = doubt {
        let attribute = if planned.base_url.is_value() { "base_url" } else { "tenant_id" };
        let detail = format!("{doubt} The plan goes on: `check_issuer` only advises.");
        d.warn_at(at(attribute), "The issuer does not answer as it should", detail);
    }
}

/// Warnings about secrets.
fn said(draft: &Draft<SsoResource>, d: &mut Diagnostics) {
    let (config, prior) = (&draft.config, &draft.prior);
    if prior.is_none() && !config.client_secret.is_null() {
        let detail = "`client_secret` is kept in the state. `client_secret_wo` keeps it out, with Terraform 1.11 or later.";
        d.warn_at(at("client_secret"), "A secret will be kept in the state", detail);
    }
    let first = prior
        .as_ref()
        .is_some_and(|p| p.client_secret_wo_version.is_null() && p.client_secret.is_null());
    if !draft.private.created && first && !config.client_secret_wo_version.is_null() {
        let detail = "After the import the stack keeps the secret it has. To send this one, apply, raise `client_secret_wo_version` and apply again.";
        d.warn_at(at("client_secret_wo_version"), "The secret is not sent", detail);
    }
}

/// Asks the stack, if it is there: its template may not be able to.
async fn possible(
    deploy: &Deploy<'_>,
    draft: &mut Draft<SsoResource>,
    d: &mut Diagnostics,
) -> Result<()> {
    let stack = deploy.aws.stacks.find(name(&draft.planned)).await?;
    let Some(stack) = stack.filter(alive) else {
        let what = format!(
            "There is no complete stack {} in {} yet.",
            name(&draft.planned),
            deploy.aws.region
        );
        let detail = format!("{what} It must be there when this is applied: {BEFORE}");
        d.warn_at(at("stack_name"), "The stack is not there yet", detail);
        return Ok(());
    };
    let template = Template::parse(&deploy.aws.stacks.template(&stack.id).await?).ok();
    if draft.prior.is_none() {
        let (known, outputs) = (&stack.parameters, &stack.outputs);
        foresee(
            draft,
            |name| known.contains_key(name),
            |name| known.get(name).or(outputs.get(name)).cloned().map(Some),
        );
    }
    let sets = values(draft, &stack.parameters, template.as_ref())?;
    rules::check(&draft.planned, sets, stack.parameters, template.as_ref(), d);
    Ok(())
}

/// What will be sent to a stack with these parameters, as far as it is known.
///
/// # Errors
/// Such a stack cannot do it.
fn values(
    draft: &Draft<SsoResource>,
    parameters: &BTreeMap<String, String>,
    template: Option<&Template>,
) -> Result<BTreeMap<String, String>> {
    // A new stack's identity provider takes nobody's place.
    let prior = draft.prior.as_ref().filter(|prior| prior.stack_name == draft.planned.stack_name);
    let mut planned = draft.planned.clone();
    planned.client_secret_wo = draft.config.client_secret_wo.clone();
    change::values(prior, &planned, &draft.private, parameters, template)
}

/// Says ahead that the last way to sign in goes. A stack that cannot be looked at is no reason to refuse.
pub async fn deletion(cx: &Cx, state: &SsoState, d: &mut Diagnostics) {
    let Ok(deploy) = SsoResource::deploy(cx, state).await else { return };
    let Ok(Some(stack)) = deploy.aws.stacks.find(name(state)).await else { return };
    let Some(provider) = provider(state).filter(|_| alive(&stack)) else { return };
    if SignIn::of(&stack.parameters).turned_off(provider, false).password {
        d.warn("Sign-in with a password will be turned on", password_on(state));
    }
}

/// Why sign-in with a password is turned on.
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
    Error::config(at("stack_name"), what, format!("Make it first: {BEFORE}"))
}
