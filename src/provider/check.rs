//! What a provider block may not say, found offline; each mistake at its attribute, unless a secret stands there.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cloudformation::arn::Arn;
use crate::cloudformation::partition::{REGIONS, correction};
use crate::resources::{tags, timeouts};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

use super::catalog;
use super::config::{AssumeRole, Endpoints, ProviderConfig, WebIdentity};

const DURATIONS: (Duration, Duration) =
    (Duration::from_secs(15 * 60), Duration::from_secs(12 * 3600));

/// Checks a provider block. What is not known yet is not checked.
pub fn check(config: &ProviderConfig, d: &mut Diagnostics) {
    let at = AttributePath::new;
    keys(config, d);
    for (name, region) in [("region", &config.region), ("sts_region", &config.sts_region)] {
        if config.skip_region_validation != Value::Value(true) {
            known_region(at(name), region, d);
        }
    }
    accounts(config, d);
    default_tags(config, d);
    for (i, role) in config.assume_role.iter().flatten().enumerate() {
        check_role(&at("assume_role").index(i as i64), role, d);
    }
    if let Value::Value(identity) = &config.assume_role_with_web_identity {
        check_identity(&at("assume_role_with_web_identity"), identity, d);
    }
    if let Value::Value(block) = &config.catalog {
        catalog::check(&at("catalog"), block, d);
    }
    if let Value::Value(endpoints) = &config.endpoints {
        check_endpoints(&at("endpoints"), endpoints, d);
    }
    rule(
        at("max_retries"),
        &config.max_retries,
        |n| (0..=1000).contains(n),
        "Not a number of repetitions",
        "Give 0 to 1000.",
        d,
    );
    let modes = |m: &String| ["standard", "adaptive"].contains(&m.as_str());
    rule(
        at("retry_mode"),
        &config.retry_mode,
        modes,
        "Unknown way of repeating calls",
        "Write `standard` or `adaptive`.",
        d,
    );
    for (name, url) in [("http_proxy", &config.http_proxy), ("https_proxy", &config.https_proxy)] {
        let proxy = |u: &String| u.is_empty() || is_url(u);
        rule(
            shown(at(name), url),
            url,
            proxy,
            "Not the address of a proxy",
            "Write it as `http://proxy.example.com:8080`.",
            d,
        );
    }
    let bucket = |b: &String| {
        (3..=63).contains(&b.len())
            && b.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
    };
    rule(
        at("template_bucket"),
        &config.template_bucket,
        bucket,
        "Not the name of a bucket",
        "Write its name alone, as `my-templates`: 3 to 63 lower-case letters, digits, dots and hyphens, without `s3://` and without an ARN.",
        d,
    );
}

/// A value that is known and breaks the rule is an error.
fn rule<T>(
    at: AttributePath,
    value: &Value<T>,
    holds: impl Fn(&T) -> bool,
    summary: &str,
    detail: &str,
    d: &mut Diagnostics,
) {
    if value.as_ref_option().is_some_and(|v| !holds(v)) {
        d.fail_at(at, summary, detail);
    }
}

/// Where an address is told of: Terraform prints the line at which something is told, so that one with a password is told of as a whole.
fn shown(at: AttributePath, url: &Value<String>) -> AttributePath {
    if url.as_ref_option().is_some_and(|url| url.contains('@')) {
        AttributePath::root()
    } else {
        at
    }
}

/// `http://` or `https://` and a host.
pub fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|r| {
        !r.is_empty() && !r.starts_with(['/', ':', '@']) && !r.contains(char::is_whitespace)
    })
}

fn keys(config: &ProviderConfig, d: &mut Diagnostics) {
    let given =
        |v: &Value<String>| v.is_unknown() || v.as_ref_option().is_some_and(|s| !s.is_empty());
    let (id, secret) = (given(&config.access_key), given(&config.secret_key));
    let mut lacks = |name: &'static str, other: &str| {
        // Not at the attribute: Terraform would print its line.
        d.fail(
            format!("`{name}` needs `{other}`"),
            "Keys work in pairs. Give both, or better a profile or a role.",
        );
    };
    match (id, secret) {
        (true, false) => lacks("access_key", "secret_key"),
        (false, true) => lacks("secret_key", "access_key"),
        (false, false) if given(&config.token) => lacks("token", "access_key"),
        _ => {}
    }
}

fn known_region(at: AttributePath, region: &Value<String>, d: &mut Diagnostics) {
    let text = region.as_deref_option().unwrap_or_default();
    let detail = format!(
        "{} If it is new, or an emulator's own, set `skip_region_validation = true`.",
        correction(text)
    );
    rule(
        at,
        region,
        |r| r.is_empty() || REGIONS.contains(&r.as_str()),
        &format!("There is no AWS region `{text}`"),
        &detail,
        d,
    );
}

fn accounts(config: &ProviderConfig, d: &mut Diagnostics) {
    let lists = [
        ("allowed_account_ids", &config.allowed_account_ids),
        ("forbidden_account_ids", &config.forbidden_account_ids),
    ];
    let mut given = vec![];
    for (name, list) in lists {
        let Value::Value(Set(ids)) = list else { continue };
        given.extend((!ids.is_empty()).then_some(name));
        for id in ids.iter().flatten().filter(|id| !is_account(id)) {
            d.fail_at(
                AttributePath::new(name),
                format!("`{id}` is not an AWS account"),
                "Write its 12 digits, in quotes.",
            );
        }
    }
    let Some(last) = given.last() else { return };
    if given.len() == 2 {
        d.fail_at(
            AttributePath::new(*last),
            "Two lists of accounts",
            "Give `allowed_account_ids` or `forbidden_account_ids`, not both.",
        );
    }
    if config.skip_requesting_account_id == Value::Value(true) {
        let detail = format!(
            "With `skip_requesting_account_id` nobody knows whose credentials these are, so `{last}` could not be kept. Remove one of the two."
        );
        d.fail_at(AttributePath::new(*last), "The account cannot be checked", detail);
    }
}

/// What AWS takes for no tag at all. Values are looked at where they are used: other resources may have empty ones.
fn default_tags(config: &ProviderConfig, d: &mut Diagnostics) {
    let tags = config.default_tags.iter().filter_map(|block| block.tags.as_ref_option());
    for (key, value) in tags.flatten() {
        let value = value.as_deref_option().unwrap_or_default();
        if let Err((summary, detail)) = tags::check(key, value) {
            let at = AttributePath::new("default_tags").attribute("tags").key(key.clone());
            d.fail_at(at, summary, detail);
        }
    }
}

fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit())
}

fn check_role(at: &AttributePath, role: &AssumeRole, d: &mut Diagnostics) {
    arn(at.clone().attribute("role_arn"), &role.role_arn, "role/", d);
    session(at, (&role.session_name, &role.duration, &role.policy, &role.policy_arns), d);
    name(at.clone().attribute("source_identity"), &role.source_identity, d);
    let id = |id: &String| (2..=1224).contains(&id.len()) && !id.contains(char::is_whitespace);
    let (what, form) =
        ("The `external_id` of a role is not one", "It has 2 to 1224 characters without spaces.");
    rule(AttributePath::root(), &role.external_id, id, what, form, d);
    let (Value::Value(Set(transitive)), Value::Value(tags)) =
        (&role.transitive_tag_keys, &role.tags)
    else {
        return;
    };
    for key in transitive.iter().flatten().filter(|k| !tags.contains_key(*k)) {
        let detail =
            format!("Only a tag of this session goes on to the next role. Add `{key}` to `tags`.");
        d.fail_at(
            at.clone().attribute("transitive_tag_keys"),
            format!("`{key}` is not among the tags"),
            detail,
        );
    }
}

fn check_identity(at: &AttributePath, identity: &WebIdentity, d: &mut Diagnostics) {
    arn(at.clone().attribute("role_arn"), &identity.role_arn, "role/", d);
    session(
        at,
        (&identity.session_name, &identity.duration, &identity.policy, &identity.policy_arns),
        d,
    );
    if identity.web_identity_token.is_value() && identity.web_identity_token_file.is_value() {
        d.fail_at(
            at.clone().attribute("web_identity_token_file"),
            "Two tokens",
            "Give `web_identity_token` or `web_identity_token_file`, not both.",
        );
    }
}

type SessionValues<'a> =
    (&'a Value<String>, &'a Value<String>, &'a Value<String>, &'a Value<Set<Value<String>>>);

fn session(
    at: &AttributePath,
    (session_name, duration, policy, policy_arns): SessionValues,
    d: &mut Diagnostics,
) {
    name(at.clone().attribute("session_name"), session_name, d);
    let lasts = |text: &String| {
        timeouts::parse(text).is_some_and(|t| (DURATIONS.0..=DURATIONS.1).contains(&t))
    };
    rule(
        at.clone().attribute("duration"),
        duration,
        lasts,
        "Not a length that a session can have",
        "Write 15 minutes to 12 hours, as `1h30m`.",
        d,
    );
    let json =
        |text: &String| serde_json::from_str::<BTreeMap<String, serde_json::Value>>(text).is_ok();
    rule(
        at.clone().attribute("policy"),
        policy,
        json,
        "Not a policy",
        "A policy is a JSON object; `jsonencode` writes one.",
        d,
    );
    for one in policy_arns.iter().flatten() {
        arn(at.clone().attribute("policy_arns"), one, "policy/", d);
    }
}

fn name(at: AttributePath, value: &Value<String>, d: &mut Diagnostics) {
    let allowed = |s: &String| {
        (2..=64).contains(&s.len())
            && s.chars().all(|c| c.is_ascii_alphanumeric() || "_=,.@-".contains(c))
    };
    rule(
        at,
        value,
        allowed,
        "Not a name for a session",
        "Write 2 to 64 letters, digits and `_=,.@-`, without a space.",
        d,
    );
}

fn arn(at: AttributePath, value: &Value<String>, kind: &str, d: &mut Diagnostics) {
    let fits = |arn: &String| Arn::of(arn).is_some_and(|arn| arn.named("iam", kind).is_some());
    rule(
        at,
        value,
        fits,
        "Not the ARN expected here",
        &format!("Write it as `arn:aws:iam::123456789012:{kind}NAME`."),
        d,
    );
}

fn check_endpoints(at: &AttributePath, endpoints: &Endpoints, d: &mut Diagnostics) {
    for (name, url) in endpoints.all() {
        rule(
            shown(at.clone().attribute(name), url),
            url,
            |u| u.is_empty() || is_url(u),
            "Not an address",
            "Write it as `https://host` or `http://localhost:4566`.",
            d,
        );
    }
    if endpoints.es.is_value() && endpoints.elasticsearch.is_value() {
        d.fail_at(
            at.clone().attribute("elasticsearch"),
            "One service, two addresses",
            "`es` and `elasticsearch` are the same. Give one.",
        );
    }
}

#[cfg(test)]
mod tests;
