//! What a new stack takes over from another one: the values of all parameters that both have, under the names that its own template uses.

use std::collections::{BTreeMap, BTreeSet};

use super::sso::{Family, IdentityProvider, Names, PASSWORD, SignIn, issuer};
use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::template::Template;

/// Names of one parameter in older and newer templates.
const RENAMED: [(&str, &str); 2] =
    [("ApiGatewayVPCEndpointId", "ApiGatewayVPCEndpoint"), ("CertificateArn", "CertificateArnELB")];

/// What is taken over, and what is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inherited {
    /// Parameters with their values.
    pub values: BTreeMap<String, String>,
    /// Secret parameters, whose values nobody gives out.
    pub secret: BTreeSet<String>,
    /// Identity providers that are on there and stay off here, because their secret is missing or it cannot be told which they are.
    pub off: Vec<IdentityProvider>,
    /// Sign-in with a password is off there and stays on here, so that somebody can sign in.
    pub password: bool,
}

/// What a stack of `template` takes over from one with the parameters `source`. `given`: what it is given anyway; `None` as a value: not known yet.
pub fn inherit(
    template: &Template,
    source: &BTreeMap<String, String>,
    given: &BTreeMap<String, Option<String>>,
) -> Inherited {
    let mut found = Inherited::default();
    for (name, value) in source {
        let Some(name) = target(template, source, name).filter(|name| !given.contains_key(*name))
        else {
            continue;
        };
        if value == HIDDEN || template.parameters[name].no_echo {
            found.secret.insert(name.into());
        } else {
            found.values.insert(name.into(), value.clone());
        }
    }
    sign_in(template, source, given, &mut found);
    found
}

/// The name in `template` of a parameter of the source.
fn target<'a>(
    template: &Template,
    source: &BTreeMap<String, String>,
    name: &'a str,
) -> Option<&'a str> {
    if template.declares(name) {
        return Some(name);
    }
    let other = RENAMED.iter().find_map(|(old, new)| match name {
        _ if name == *old => Some(*new),
        _ if name == *new => Some(*old),
        _ => None,
    });
    other.filter(|other| template.declares(other) && !source.contains_key(*other))
}

/// Identity providers that are on, under the names of the template's family; one without its secret stays off.
fn sign_in(
    template: &Template,
    source: &BTreeMap<String, String>,
    given: &BTreeMap<String, Option<String>>,
    found: &mut Inherited,
) {
    let from = SignIn::of(source);
    let Some(family) = Family::of(|name| template.declares(name)) else { return };
    let on = from.on();
    let unclear = from.family() == Some(Family::Legacy)
        && on.iter().filter(|p| **p != IdentityProvider::Google).count() > 1;
    for (n, provider) in on.into_iter().enumerate() {
        let names = Names::of(family, provider, |name| template.declares(name));
        let one_too_many = family != Family::Multi && n > 0;
        if unclear && provider != IdentityProvider::Google || one_too_many {
            found.off.push(provider);
            continue;
        }
        let issuer = from
            .issuer(provider)
            .map(|url| issuer::normalised(provider, url).unwrap_or_else(|_| url.into()));
        let fields = [
            (Some(&names.client_id), from.client_id(provider).map(str::to_string)),
            (names.base_url.as_ref(), issuer),
        ];
        for (name, value) in fields.into_iter().filter_map(|(name, value)| name.zip(value)) {
            put(template, given, found, name, &value);
        }
        let secret = names
            .client_secret
            .iter()
            .find(|name| template.declares(name) && !given.contains_key(*name));
        match secret {
            Some(secret) => {
                found.secret.insert(secret.clone());
                found.values.remove(&names.switch);
                if !given.contains_key(&names.switch) {
                    put(template, given, found, &names.switch, names.off);
                    found.off.push(provider);
                }
            }
            None => put(template, given, found, &names.switch, names.on),
        }
    }
    keep_a_way_in(template, given, found);
}

fn put(
    template: &Template,
    given: &BTreeMap<String, Option<String>>,
    found: &mut Inherited,
    name: &str,
    value: &str,
) {
    if template.declares(name) && !given.contains_key(name) {
        found.values.insert(name.into(), value.into());
    }
}

/// Leaves sign-in with a password on where nothing else is.
fn keep_a_way_in(
    template: &Template,
    given: &BTreeMap<String, Option<String>>,
    found: &mut Inherited,
) {
    if !found.values.contains_key(PASSWORD) {
        return;
    }
    let defaults = template
        .parameters
        .iter()
        .map(|(name, declared)| (name.clone(), declared.default.clone().unwrap_or_default()));
    let mut all: BTreeMap<_, _> = defaults.chain(found.values.clone()).collect();
    all.extend(given.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))));
    if SignIn::of(&all).locked_out() {
        found.values.remove(PASSWORD);
        found.password = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    /// A template that declares these; `!` before a name makes it secret, what stands after `=` is its default.
    fn template(parameters: &[&str]) -> Template {
        let one = |p: &&str| {
            let (name, default) = p
                .split_once('=')
                .map_or((*p, String::new()), |(n, d)| (n, format!(", \"Default\": \"{d}\"")));
            let secret = if name.starts_with('!') { ", \"NoEcho\": true" } else { "" };
            format!(r#""{}": {{"Type": "String"{secret}{default}}}"#, name.trim_start_matches('!'))
        };
        let declared: Vec<_> = parameters.iter().map(one).collect();
        Template::parse(&format!(
            r#"{{"Parameters": {{{}}}, "Resources": {{"R": {{"Type": "A::B::C"}}}}}}"#,
            declared.join(", ")
        ))
        .unwrap()
    }

    const MULTI: [&str; 9] = [
        "GoogleAuth=Disabled",
        "GoogleClientId",
        "!GoogleClientSecret",
        "OktaAuth=Disabled",
        "OktaClientId",
        "!OktaClientSecret",
        "OktaBaseUrl",
        "SingleSignOnDomains",
        "PasswordAuth=Enabled",
    ];

    #[test]
    fn what_both_have_is_taken_over_unless_given_or_secret() {
        let source = map(&[
            ("AdminEmail", "a@b.c"),
            ("Qurator", "Enabled"),
            ("DBPassword", "****"),
            ("Old", "x"),
            ("Size", "1"),
            ("Token", "shown"),
        ]);
        let template =
            template(&["AdminEmail", "Qurator=Disabled", "!DBPassword", "Size", "New", "!Token"]);
        let found = inherit(&template, &source, &[("Size".to_string(), None)].into());
        assert_eq!(found.values, map(&[("AdminEmail", "a@b.c"), ("Qurator", "Enabled")]));
        assert_eq!(found.secret, ["DBPassword", "Token"].map(String::from).into());
    }

    #[test]
    fn renamed_parameters_are_mapped_either_way() {
        let old = map(&[("CertificateArn", "arn"), ("ApiGatewayVPCEndpointId", "vpce-1")]);
        let new = map(&[("CertificateArnELB", "arn"), ("ApiGatewayVPCEndpoint", "vpce-1")]);
        let of = |parameters: &BTreeMap<String, String>| {
            template(&parameters.keys().map(String::as_str).collect::<Vec<_>>())
        };
        assert_eq!(inherit(&of(&new), &old, &BTreeMap::new()).values, new);
        assert_eq!(inherit(&of(&old), &new, &BTreeMap::new()).values, old);
        let both = map(&[("CertificateArn", "old"), ("CertificateArnELB", "new")]);
        assert_eq!(
            inherit(&template(&["CertificateArnELB"]), &both, &BTreeMap::new()).values,
            map(&[("CertificateArnELB", "new")])
        );
    }

    #[test]
    fn sign_in_goes_from_one_family_to_another() {
        let single = map(&[
            ("SingleSignOnProvider", "Okta"),
            ("SingleSignOnClientId", "id"),
            ("SingleSignOnClientSecret", "****"),
            ("SingleSignOnBaseUrl", "https://example.okta.com/oauth2/default/"),
            ("SingleSignOnDomains", ""),
            ("PasswordAuth", "Disabled"),
        ]);
        let secret = [("OktaClientSecret".to_string(), None)].into();
        let found = inherit(&template(&MULTI), &single, &secret);
        let expected = [
            ("OktaAuth", "Enabled"),
            ("OktaBaseUrl", "https://example.okta.com/oauth2/default"),
            ("OktaClientId", "id"),
            ("PasswordAuth", "Disabled"),
            ("SingleSignOnDomains", ""),
        ];
        assert_eq!((found.values, found.off, found.password), (map(&expected), vec![], false));

        let legacy = map(&[
            ("IdentityProvider", "Google"),
            ("GoogleClientId", "g"),
            ("SingleSignOnDomains", "a.com,b.com"),
        ]);
        let found =
            inherit(&template(&MULTI), &legacy, &[("GoogleClientSecret".to_string(), None)].into());
        assert_eq!(
            found.values,
            map(&[
                ("GoogleAuth", "Enabled"),
                ("GoogleClientId", "g"),
                ("SingleSignOnDomains", "a.com,b.com")
            ])
        );
    }

    #[test]
    fn nobody_is_locked_out_by_a_secret_that_nobody_gives_out() {
        let multi = map(&[
            ("OktaAuth", "Enabled"),
            ("OktaClientId", "id"),
            ("OktaClientSecret", "****"),
            ("OktaBaseUrl", "https://e.okta.com/oauth2/default"),
            ("GoogleAuth", "Disabled"),
            ("GoogleClientId", ""),
            ("GoogleClientSecret", "****"),
            ("PasswordAuth", "Disabled"),
        ]);
        let found = inherit(&template(&MULTI), &multi, &BTreeMap::new());
        assert_eq!(
            (found.off.clone(), found.password, found.values.get("PasswordAuth")),
            (vec![IdentityProvider::Okta], true, None)
        );
        assert_eq!(
            (found.values["OktaAuth"].as_str(), found.values["OktaClientId"].as_str()),
            ("Disabled", "id")
        );
        assert_eq!(
            found.secret,
            ["GoogleClientSecret", "OktaClientSecret"].map(String::from).into()
        );
    }

    #[test]
    fn an_older_stack_that_does_not_tell_its_provider_stays_off() {
        let legacy = map(&[
            ("AuthType", "Enabled"),
            ("AuthClientId", "id"),
            ("AuthBaseUrl", "https://login.corp.example/x"),
        ]);
        let found = inherit(&template(&MULTI), &legacy, &BTreeMap::new());
        assert_eq!((found.values.is_empty(), found.off.len()), (true, 3));
    }
}
