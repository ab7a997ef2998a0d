//! The rules of the stack's template, as far as they speak of what a `quilt_sso` sets.

use std::collections::{BTreeMap, BTreeSet};

use super::{SsoState, at, provider};
use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::template::Template;
use crate::quilt::sso::{DOMAINS, Family, Names, PASSWORD};
use crate::tf::{AttributePath, Diagnostics, Report};

/// Values of parameters by name.
type Values = BTreeMap<String, String>;

/// Refuses a sign-in that a rule of the template does not allow. `sets`: what it sends to the stack; `known`: what that will have otherwise.
pub fn check(
    planned: &SsoState,
    sets: Values,
    mut known: Values,
    template: Option<&Template>,
    d: &mut Diagnostics,
) {
    let Some(template) = template else { return };
    let places = places(planned, template);
    let secret = |name: &str| template.parameters.get(name).is_some_and(|p| p.no_echo);
    known.retain(|name, value| value != HIDDEN && !secret(name));
    open(planned, &places).iter().for_each(|name| drop(known.remove(name)));
    known.extend(sets.clone());
    for broken in template.broken_rules(&known) {
        if broken.parameters.iter().any(|name| sets.contains_key(name)) {
            let own = broken.parameters.iter().find_map(|name| places.get(name));
            let place = own.cloned().unwrap_or_else(|| at("identity_provider"));
            d.fail_at(place, "The template does not allow this sign-in", broken.detail());
        }
    }
}

/// The argument that each of its parameters comes from.
fn places(planned: &SsoState, template: &Template) -> BTreeMap<String, AttributePath> {
    let secret = if planned.client_secret.is_null() { "client_secret_wo" } else { "client_secret" };
    let issuer = if planned.tenant_id.is_null() { "base_url" } else { "tenant_id" };
    let family = Family::of(|name| template.declares(name));
    let names = family
        .zip(provider(planned))
        .map(|(family, provider)| Names::of(family, provider, |name| template.declares(name)));
    let own = names.into_iter().flat_map(|names| {
        let some = [
            (Some(names.switch), "identity_provider"),
            (Some(names.client_id), "client_id"),
            (names.client_secret, secret),
            (names.base_url, issuer),
        ];
        some.into_iter().filter_map(|(name, place)| Some((name?, place)))
    });
    let more = [(DOMAINS.to_string(), "domains"), (PASSWORD.to_string(), "password_auth")];
    own.chain(more).map(|(name, place)| (name, at(place))).collect()
}

/// The parameters whose values this plan does not know yet.
fn open(planned: &SsoState, places: &BTreeMap<String, AttributePath>) -> BTreeSet<String> {
    let unknown = [
        ("client_id", planned.client_id.is_unknown()),
        ("base_url", planned.base_url.is_unknown()),
        ("tenant_id", planned.tenant_id.is_unknown()),
        ("domains", planned.domains.is_unknown()),
        ("password_auth", planned.password_auth.is_unknown()),
    ];
    let unknown: Vec<_> =
        unknown.into_iter().filter(|(_, unknown)| *unknown).map(|(place, _)| at(place)).collect();
    places
        .iter()
        .filter(|(_, place)| unknown.contains(place))
        .map(|(name, _)| name.clone())
        .collect()
}
