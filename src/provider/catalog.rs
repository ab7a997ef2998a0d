//! The `catalog` of a provider block: what it says, and what it may not say.

use super::config::{CatalogBlock, ProviderConfig};
use crate::catalog::{SignIn, Site};
use crate::quilt::hosts::Hosts;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// The catalog that is meant; `None`: the block says none, or it is not known whole.
pub fn site(config: &ProviderConfig) -> Option<Site> {
    let block = config.catalog.as_ref_option()?;
    let sign_in = match (not_empty(&block.api_key), not_empty(&block.api_key_secret_arn)) {
        (Some(key), _) => SignIn::Key(key.into()),
        (None, Some(secret_arn)) => SignIn::KeyAt { secret_arn },
        (None, None) => SignIn::Password {
            username: not_empty(&block.username)?,
            secret_arn: not_empty(&block.password_secret_arn)?,
        },
    };
    Some(Site { host: not_empty(&block.host)?, sign_in })
}

/// A text that is known and not empty.
fn not_empty(value: &Value<String>) -> Option<String> {
    value.as_ref_option().filter(|text| !text.is_empty()).cloned()
}

/// Something of it is not known yet.
pub fn is_open(config: &ProviderConfig) -> bool {
    let open = |block: &CatalogBlock| {
        let CatalogBlock { host, api_key, api_key_secret_arn, username, password_secret_arn } =
            block;
        let all = [host, api_key, api_key_secret_arn, username, password_secret_arn];
        all.iter().any(|value| value.is_unknown())
    };
    config.catalog.is_unknown() || config.catalog.iter().any(open)
}

/// Checks the block, offline.
pub fn check(at: &AttributePath, block: &CatalogBlock, d: &mut Diagnostics) {
    let at = |name| at.clone().attribute(name);
    match &block.host {
        Value::Null => d.fail_at(
            at("host"),
            "The catalog has no host",
            "Write the host where people open it, as `host = \"data.example.com\"`.",
        ),
        Value::Value(host) => {
            if let Err(why) = Hosts::checked(host) {
                d.fail_at(at("host"), "Not the host of a catalog", why);
            }
        }
        Value::Unknown => {}
    }
    let (key, kept) = (&block.api_key, &block.api_key_secret_arn);
    let (name, secret) = (&block.username, &block.password_secret_arn);
    let ways = [
        ("api_key", !key.is_null()),
        ("api_key_secret_arn", !kept.is_null()),
        ("username", !name.is_null() || !secret.is_null()),
    ];
    let given: Vec<_> = ways.iter().filter(|(_, given)| *given).collect();
    if let [_, (second, _), ..] = given[..] {
        let detail = "Give `api_key`, or `api_key_secret_arn`, or `username` and `password_secret_arn`: one of the three.";
        d.fail_at(at(second), "Two ways to sign in", detail);
    }
    let half = name.is_null() != secret.is_null();
    if given.is_empty() || (half && given.len() == 1) {
        let detail =
            "Give `api_key`, `api_key_secret_arn`, or both `username` and `password_secret_arn`.";
        d.fail_at(at("host"), "No way to sign in to the catalog", detail);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::config::tests::config;

    fn said(block: serde_json::Value) -> Vec<String> {
        let (config, mut d) = (config(json!({ "catalog": block })), Diagnostics::default());
        check(&AttributePath::new("catalog"), config.catalog.as_ref_option().unwrap(), &mut d);
        d.errors.iter().map(|e| format!("{}: {}", e.attribute, e.summary)).collect()
    }

    #[test]
    fn a_catalog_has_a_host_and_one_way_to_sign_in() {
        let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a";
        for (block, words) in [
            (json!({ "host": "data.example.com", "api_key": "qk_a" }), ""),
            (json!({ "host": "?", "api_key": "?" }), ""),
            (json!({ "host": "a.example.com", "username": "a", "password_secret_arn": arn }), ""),
            (json!({ "host": "a.example.com", "api_key_secret_arn": arn }), ""),
            (
                json!({ "host": "a.example.com", "api_key_secret_arn": arn, "api_key": "qk_a" }),
                "catalog.api_key_secret_arn: Two ways to sign in",
            ),
            (
                json!({ "host": "a.example.com", "api_key_secret_arn": "?", "username": "a" }),
                "catalog.username: Two ways to sign in",
            ),
            (json!({ "api_key": "qk_a" }), "catalog.host: The catalog has no host"),
            (
                json!({ "host": "https://data.example.com", "api_key": "qk_a" }),
                "catalog.host: Not the host of a catalog",
            ),
            (
                json!({ "host": "data.example.com", "username": "a" }),
                "catalog.host: No way to sign in to the catalog",
            ),
            (
                json!({ "host": "data.example.com", "username": "a", "api_key": "?" }),
                "catalog.username: Two ways to sign in",
            ),
        ] {
            assert_eq!(said(block).join(" "), words);
        }
    }

    #[test]
    fn a_site_is_known_whole_or_not_at_all() {
        let of = |block| config(json!({ "catalog": block }));
        let known = of(json!({ "host": "data.example.com", "api_key": "qk_a" }));
        let key = SignIn::Key("qk_a".to_string().into());
        assert_eq!(site(&known), Some(Site { host: "data.example.com".into(), sign_in: key }));
        assert!(!is_open(&known) && !is_open(&config(json!({}))));
        for way in ["api_key", "api_key_secret_arn"] {
            let open = of(json!({ "host": "data.example.com", way: "?" }));
            assert_eq!((site(&open), is_open(&open)), (None, true));
        }
        let kept = site(&of(json!({ "host": "data.example.com", "api_key_secret_arn": "arn:a" })));
        let secret_arn = "arn:a".to_string();
        assert_eq!(kept.map(|site| site.sign_in), Some(SignIn::KeyAt { secret_arn }));
    }
}
