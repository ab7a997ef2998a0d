//! Short texts that people type: ranges, hosts, issuers, names, lengths of time, and the tokens made of them.

use proptest::prelude::*;
use quilt_provider::quilt::hosts::{Hosts, bare};
use quilt_provider::quilt::names::{check_object_name, check_stack_name};
use quilt_provider::quilt::network::{Division, check_range};
use quilt_provider::quilt::policy::trust::trusting;
use quilt_provider::quilt::sso::IdentityProvider;
use quilt_provider::quilt::sso::issuer::{alike, normalised, of_tenant, whose};
use quilt_provider::quilt::token;
use quilt_provider::quilt::{database, snapshot};
use quilt_provider::resources::timeouts;

use super::holds;

#[test]
fn a_range_is_divided_or_refused() {
    let likely = "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}/[0-9]{1,3}";
    holds(
        4000,
        prop_oneof![
            ".{0,40}",
            likely,
            "(10|172|192|100)\\.[0-9]{1,3}\\.[0-9]{1,2}[048]\\.0/(1[6-9]|2[0-4])",
            "[0-9a-f:./]{0,40}"
        ],
        |text| {
            let _ = check_range(&text);
            let Ok(division) = Division::of(&text) else { return Ok(()) };
            prop_assert_eq!(division.cidr.to_string(), text);
            let subnets = &division.subnets;
            prop_assert_eq!(subnets.len(), 6);
            for (i, subnet) in subnets.iter().enumerate() {
                prop_assert!(
                    division.cidr.contains(subnet.cidr.network())
                        && division.cidr.contains(subnet.cidr.broadcast()),
                    "{subnet:?}"
                );
                prop_assert!((16..=28).contains(&subnet.cidr.prefix()), "{subnet:?}");
                let apart = |other: &quilt_provider::quilt::network::Subnet| {
                    !other.cidr.contains(subnet.cidr.network())
                        && !subnet.cidr.contains(other.cidr.network())
                };
                prop_assert!(subnets[i + 1..].iter().all(apart), "{subnets:?}");
            }
            Ok(())
        },
    );
}

#[test]
fn hosts_follow_from_any_text() {
    holds(800, prop_oneof![".{0,60}", "(https?://)?[a-z.]{0,20}/{0,2}[a-z/]{0,9}"], |text| {
        prop_assert!(!bare(&text).contains('/'));
        if let Some(hosts) = Hosts::of(&text) {
            prop_assert_eq!(Hosts::of(&hosts.web), Some(hosts.clone()));
            prop_assert_eq!(Hosts::of(&hosts.url()), Some(hosts.clone()));
            prop_assert!(
                hosts.registry.contains("-registry.") && hosts.s3_proxy.contains("-s3-proxy.")
            );
        }
        Ok(())
    });
}

#[test]
fn an_issuer_has_one_form() {
    let hosts = "(login.microsoftonline.(com|us)|a.ciamlogin.com|example(-admin)?.okta.com|e.onelogin.com|sts.windows.net)";
    let likely = format!(
        "(https?://|)?{hosts}(/(oauth2|oidc|common|v2.0|V2.0|default|2|01234567-89ab-cdef-0123-456789abcdef|a.b))*/?(/.well-known/openid-configuration)?"
    );
    holds(1500, prop_oneof![2 => likely.as_str(), 1 => ".{0,60}"], |text: String| {
        let _ = (whose(&text), of_tenant(&text));
        for provider in IdentityProvider::ALL {
            if let Ok(issuer) = normalised(provider, &text) {
                prop_assert!(
                    issuer.starts_with("https://")
                        && !issuer.ends_with('/')
                        && !issuer.contains(char::is_whitespace),
                    "{issuer}"
                );
                prop_assert_eq!(normalised(provider, &issuer), Ok(issuer.clone()), "{}", text);
                prop_assert!(alike(provider, &text, &issuer));
            }
        }
        Ok(())
    });
}

#[test]
fn names_that_pass_are_what_aws_takes() {
    let allowed = |name: &str, more: &str| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    holds(800, prop_oneof![".{0,30}", "[a-zA-Z0-9-]{0,140}", "[a-z][a-z0-9-]{0,24}"], |name| {
        if check_object_name(&name).is_ok() {
            prop_assert!(
                allowed(&name, "-")
                    && (3..=20).contains(&name.len())
                    && check_stack_name(&name).is_ok()
            );
        }
        prop_assert!(check_stack_name(&name).is_err() || allowed(&name, "-") && name.len() <= 128);
        prop_assert!(
            database::check_identifier(&name).is_err() || allowed(&name, "-") && name.len() <= 63
        );
        prop_assert!(snapshot::check_identifier(&name).is_err() || name.len() <= 255);
        Ok(())
    });
}

#[test]
fn lengths_of_time_are_finite() {
    holds(800, prop_oneof![".{0,20}", "([0-9.]{0,30}[hms]?){0,4}"], |text| {
        let _ = timeouts::parse(&text);
        Ok(())
    });
}

#[test]
fn tokens_fit_and_tell_apart() {
    let part = || ".{0,80}";
    holds(
        200,
        (part(), part(), part(), part(), part()),
        |(owner, account, region, name, other)| {
            let prefix = token::creation(&owner, &account, &region, &name);
            for token in [token::ending(&prefix), token::update(&name), token::deletion(&name)] {
                prop_assert!(
                    token.len() <= 128 && token.starts_with(char::is_alphabetic),
                    "{token}"
                );
                prop_assert!(
                    token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                    "{token}"
                );
            }
            prop_assert!(token::ending(&prefix).starts_with(&prefix));
            prop_assert!(
                other == owner || token::creation(&other, &account, &region, &name) != prefix
            );
            prop_assert!(
                other == name || token::creation(&owner, &account, &region, &other) != prefix
            );
            let joined = format!("{owner}{account}");
            prop_assert!(
                account.is_empty() || token::creation(&joined, "", &region, &name) != prefix
            );
            Ok(())
        },
    );
}

#[test]
fn a_trust_policy_trusts_once_and_loses_nothing() {
    const ROLE: &str = "arn:aws:iam::123456789012:role/quilt";
    let statement = r#"\{"Effect": ?"(Allow|Deny)","Principal":\{"(AWS|Service)":"[a-z:/]{0,9}"\}(,"Action":"sts:[A-Za-z]{0,9}")?\}"#;
    let likely = format!(
        r#"\{{"Version":"2012-10-17",[ \n]{{0,3}}"Statement":[ \t]?(\[\]|{statement}|\[{statement}, {statement}[ \n]?\])\}}"#
    );
    holds(
        800,
        prop_oneof![3 => likely.as_str(), 1 => ".{0,60}", 1 => "\\{\"Statement\":.{0,20}\\}"],
        |text: String| {
            let Ok(once) = trusting(ROLE, Some(&text)) else { return Ok(()) };
            prop_assert_eq!(trusting(ROLE, Some(&once)), Ok(once.clone()));
            let statements = |text: &str| match serde_json::from_str::<serde_json::Value>(text)
                .unwrap()["Statement"]
                .clone()
            {
                serde_json::Value::Array(all) => all,
                one => vec![one],
            };
            prop_assert_eq!(&statements(&once)[1..], &statements(&text)[..]);
            prop_assert!(once.len() > text.len());
            Ok(())
        },
    );
}
