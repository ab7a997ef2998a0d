//! What AWS says of a sign-in, as state: after an apply, at a refresh, at an import.

use std::collections::BTreeSet;

use super::{SsoState, alive, at, check, provider};
use crate::cloudformation::arn::region_of;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::outcome::{Error, Result};
use crate::quilt::sso::{DOMAINS, Family, IdentityProvider, PASSWORD, SignIn, issuer, setup};
use crate::tf::{AttributePath, Set, Value};

/// The state after an apply: what was planned, with the rest filled in.
pub fn after(planned: SsoState, stack: &Stack) -> SsoState {
    let mut seen = planned.clone();
    look(&mut seen, stack);
    let fill = |planned: Value<String>, seen: Value<String>| {
        if planned.is_unknown() { seen } else { planned }
    };
    SsoState {
        region: fill(planned.region, seen.region),
        id: fill(planned.id, seen.id),
        stack_id: fill(planned.stack_id, seen.stack_id),
        family: fill(planned.family, seen.family),
        issuer_url: fill(planned.issuer_url, seen.issuer_url),
        redirect_uri: fill(planned.redirect_uri, seen.redirect_uri),
        setup: fill(planned.setup, seen.setup),
        ..planned
    }
}

/// The state at a refresh; `None`: the identity provider is off.
pub fn read(mut state: SsoState, stack: &Stack) -> Option<SsoState> {
    let (sign_in, provider) = (SignIn::of(&stack.parameters), provider(&state)?);
    if !sign_in.has(provider) {
        return None;
    }
    look(&mut state, stack);
    state.client_id = sign_in.client_id(provider).map(str::to_string).into();
    as_typed(&mut state, provider, sign_in.issuer(provider));
    if state.domains.is_value() && stack.parameters.contains_key(DOMAINS) {
        state.domains = set(sign_in.domains());
    }
    if state.password_auth.is_value() && stack.parameters.contains_key(PASSWORD) {
        state.password_auth = sign_in.password().into();
    }
    Some(state)
}

/// What was typed stays while it means the issuer that the stack has.
fn as_typed(state: &mut SsoState, provider: IdentityProvider, live: Option<&str>) {
    let typed = check::issuer_of(provider, state).and_then(Result::ok);
    let same = match (&typed, live) {
        (Some(typed), Some(live)) => issuer::alike(provider, typed, live),
        (None, None) => true,
        _ => false,
    };
    if !same {
        state.base_url = live.map(str::to_string).into();
        state.tenant_id = Value::Null;
    }
}

/// What follows from the stack.
fn look(state: &mut SsoState, stack: &Stack) {
    let Some(provider) = provider(state) else { return };
    let sign_in = SignIn::of(&stack.parameters);
    let host = stack.parameters.get("QuiltWebHost").or(stack.outputs.get("QuiltWebHost"));
    let redirect = host.map(|h| setup::redirect_uri(h));
    state.stack_id = stack.id.clone().into();
    state.region = region_of(&stack.id).map(str::to_string).into();
    state.id = format!("{}/{}", stack.name, provider.word()).into();
    state.family = sign_in.family().map(|f: Family| f.word().to_string()).into();
    state.issuer_url = sign_in.issuer(provider).map(str::to_string).into();
    state.setup =
        setup::steps(provider, redirect.as_deref().unwrap_or("https://<web host>/oauth-callback"))
            .into();
    state.redirect_uri = redirect.into();
}

fn set(domains: BTreeSet<String>) -> Value<Set<Value<String>>> {
    Set(domains.into_iter().map(Value::Value).collect()).into()
}

/// The state of a sign-in that Terraform does not know yet: `<stack name>/<identity provider>`.
pub async fn import(cx: &Cx, id: &str, region: Option<&str>) -> Result<SsoState> {
    let form = || {
        let fix = "Write `<stack name>/<identity provider>`, as `quilt-prod/okta`; the stack's ARN when it is in another region.";
        Error::config(AttributePath::root(), format!("`{id}` is not the id of a sign-in."), fix)
    };
    let (stack, word) = id.rsplit_once('/').ok_or_else(form)?;
    let provider = IdentityProvider::of(word).ok_or_else(form)?;
    let deploy = Deploy::of(cx, stack, region).await?;
    let Some(found) = deploy.find(stack).await?.filter(alive) else {
        let what = format!("There is no stack {stack} in {}.", deploy.aws.region);
        return Err(Error::config(
            AttributePath::root(),
            what,
            "Give the stack's name, or its ARN when it is in another region.",
        ));
    };
    let domains = SignIn::of(&found.parameters).domains();
    let google = provider == IdentityProvider::Google && !domains.is_empty();
    let state = SsoState {
        stack_name: found.name.clone().into(),
        identity_provider: word.to_string().into(),
        domains: if google { set(domains) } else { Value::Null },
        ..SsoState::default()
    };
    let off = || {
        let what = format!("{} is not on for stack {}.", provider.label(), found.name);
        Error::config(
            at("identity_provider"),
            what,
            "There is nothing to import: apply, and it is turned on.",
        )
    };
    read(state, &found).ok_or_else(off)
}
