//! What is asked of CloudFormation for a `quilt_sso`: its own parameters, and everything else as it is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{SsoPrivate, SsoState, at, certain, check, name, provider};
use crate::cloudformation::parameters::order_of;
use crate::cloudformation::stack::{Order, Stack};
use crate::cloudformation::template::Template;
use crate::deploy::Deploy;
use crate::outcome::{Error, Result};
use crate::quilt::sso::{Family, SignIn, Wanted};
use crate::tf::Value;

/// A change that may be needed.
pub struct Change<'a> {
    /// CloudFormation in the region of the stack.
    pub deploy: &'a Deploy<'a>,
    /// What was; `None` for a creation.
    pub prior: Option<&'a SsoState>,
    /// The state that the plan promised.
    pub planned: &'a SsoState,
    /// What is remembered beside the state: what the stack was sent last.
    pub private: &'a SsoPrivate,
}

impl Change<'_> {
    /// The order that brings the stack as it is now to what is planned; `None`: it is so.
    pub async fn order(&self, live: Stack) -> Result<Option<Order>> {
        let template = template(self.deploy, &live).await?;
        let values =
            values(self.prior, self.planned, self.private, &live.parameters, template.as_ref())?;
        if self.prior.is_none() {
            foreign(&live, self.planned)?;
        }
        Ok(order(&live, values))
    }
}

/// The order that turns it off; `None`: it is off. `password` is told whether password sign-in is turned on for it.
pub async fn off(
    deploy: &Deploy<'_>,
    state: &SsoState,
    live: Stack,
    password: &AtomicBool,
) -> Result<Option<Order>> {
    let template = template(deploy, &live).await?;
    let sign_in = SignIn { parameters: &live.parameters, template: template.as_ref() };
    let off = sign_in.turned_off(certain(state)?, state.domains.is_value());
    password.store(off.password, Ordering::Relaxed);
    Ok(order(&live, off.values))
}

async fn template(deploy: &Deploy<'_>, stack: &Stack) -> Result<Option<Template>> {
    Ok(Template::parse(&deploy.aws.stacks.template(&stack.id).await?).ok())
}

/// These parameters; template, capabilities, role, topics, tags and all other parameters stay.
pub fn order(live: &Stack, values: BTreeMap<String, String>) -> Option<Order> {
    (!values.is_empty()).then(|| order_of(live, &values))
}

/// What to do about a template that does not take an identity provider.
const ANOTHER: &str = "ask Quilt for a template that does, or change the `quilt_sso` that is there";

/// The parameters to set on a stack with these.
///
/// # Errors
/// The stack's template cannot do it, or a secret is missing.
pub fn values(
    prior: Option<&SsoState>,
    planned: &SsoState,
    private: &SsoPrivate,
    live: &BTreeMap<String, String>,
    template: Option<&Template>,
) -> Result<BTreeMap<String, String>> {
    let (provider_now, sign_in) = (certain(planned)?, SignIn { parameters: live, template });
    let before = prior.and_then(provider);
    let wanted = Wanted {
        client_id: planned.client_id.as_ref_option().cloned(),
        client_secret: secret(prior, planned, private),
        has_secret: !planned.client_secret.is_null() || !planned.client_secret_wo.is_null(),
        issuer: check::issuer_of(provider_now, planned).and_then(Result::ok),
        domains: planned
            .domains
            .as_ref_option()
            .map(|set| set.0.iter().filter_map(|d| d.as_ref_option().cloned()).collect()),
        password: planned.password_auth.as_option(),
        instead_of: before,
    };
    let refused = |why: String| {
        let (why, fix) = why.split_once("; ").unwrap_or((&why, ANOTHER));
        let fix = format!("{why}. {}{}.", fix[..1].to_uppercase(), &fix[1..]);
        let place = if sign_in.family().is_none() { "stack_name" } else { "identity_provider" };
        Error::config(at(place), format!("{} cannot be turned on", provider_now.label()), fix)
    };
    let values = sign_in.turned_on(provider_now, &wanted).map_err(refused)?;
    let anew = before != Some(provider_now);
    if anew
        && !wanted.has_secret
        && sign_in.family() != Some(Family::Legacy)
        && !sign_in.has(provider_now)
    {
        let what = format!("{} needs a client secret.", provider_now.label());
        return Err(Error::config(
            at("client_secret"),
            what,
            "Set `client_secret_wo` and `client_secret_wo_version`, or `client_secret`.",
        ));
    }
    Ok(values)
}

/// A sign-in that is on already with another client is somebody else's.
pub fn foreign(stack: &Stack, planned: &SsoState) -> Result<()> {
    let (provider, sign_in) = (certain(planned)?, SignIn::of(&stack.parameters));
    let (Some(live), Value::Value(wanted)) = (sign_in.client_id(provider), &planned.client_id)
    else {
        return Ok(());
    };
    if !sign_in.has(provider) || live == wanted {
        return Ok(());
    }
    let what = format!(
        "{} is on already for stack {}, with the client {live}.",
        provider.label(),
        name(planned)
    );
    let id = format!("{}/{}", name(planned), provider.word());
    let fix = format!(
        "Take it over by importing it:\n\nimport {{\n  to = <the address of this resource>\n  id = \"{id}\"\n}}"
    );
    Err(Error::config(at("identity_provider"), what, fix))
}

/// The secret, where it is to be sent: at creation, when it changed, and when it was not seen to arrive.
fn secret(prior: Option<&SsoState>, planned: &SsoState, private: &SsoPrivate) -> Option<String> {
    let given =
        planned.client_secret.as_ref_option().or(planned.client_secret_wo.as_ref_option()).cloned();
    let Some(prior) = prior else { return given };
    let other = prior.identity_provider != planned.identity_provider || private.pending;
    let plain = planned.client_secret.is_value() && planned.client_secret != prior.client_secret;
    let version = planned.client_secret_wo_version != prior.client_secret_wo_version;
    // AWS does not tell the secret, so after an import the first version only begins the counting.
    let begins = !private.created
        && matches!(
            (&prior.client_secret, &prior.client_secret_wo_version),
            (Value::Null, Value::Null)
        );
    given.filter(|_| other || plain || (version && !begins))
}
