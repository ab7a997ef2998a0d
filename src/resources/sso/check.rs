//! What can be said about a `quilt_sso` offline: which arguments belong to which identity provider, and the issuer's form.

use super::{SsoState, at, provider};
use crate::quilt::sso::IdentityProvider::{self, Azure, Google};
use crate::quilt::sso::issuer;
use crate::resources::timeouts;
use crate::tf::{Diagnostics, Report, Value};

/// The words that `identity_provider` takes.
pub const PROVIDERS: &str = "Write `google`, `azure`, `okta` or `onelogin`.";

const HIDDEN: &str = "****";

/// Checks a configuration.
pub fn validate(config: &SsoState, d: &mut Diagnostics) {
    timeouts::validate(&config.timeouts, d);
    secrets(config, d);
    domains(config, d);
    if config.client_id.as_ref_option().is_some_and(|id| id.trim() != id || id.is_empty()) {
        d.fail_at(
            at("client_id"),
            "Not a client id",
            "Copy it from the identity provider's console, without blanks around it.",
        );
    }
    if let Some(word) =
        config.identity_provider.as_ref_option().filter(|word| IdentityProvider::of(word).is_none())
    {
        d.fail_at(
            at("identity_provider"),
            "Not an identity provider",
            format!("`{word}` is none that Quilt knows. {PROVIDERS}"),
        );
    }
    if let Some(provider) = provider(config) {
        belongs(provider, config, d);
        match issuer_of(provider, config) {
            Some(Err((attribute, why))) => d.fail_at(at(attribute), "This is not the issuer", why),
            Some(Ok(url)) => {
                if let Some(advice) = issuer::advice(provider, &url) {
                    d.warn_at(at("base_url"), "Is this the right authorization server?", advice);
                }
            }
            None => {}
        }
    }
}

/// The issuer that a configuration asks for, or the attribute at fault and why; `None`: none, or not known yet.
pub fn issuer_of(
    provider: IdentityProvider,
    config: &SsoState,
) -> Option<Result<String, (&'static str, String)>> {
    match (&config.base_url, &config.tenant_id) {
        (Value::Value(url), Value::Null) if provider != Google => {
            Some(issuer::normalised(provider, url).map_err(|why| ("base_url", why)))
        }
        (Value::Null, Value::Value(tenant)) if provider == Azure => {
            Some(issuer::of_tenant(tenant).map_err(|why| ("tenant_id", why)))
        }
        _ => None,
    }
}

fn belongs(provider: IdentityProvider, config: &SsoState, d: &mut Diagnostics) {
    let (url, tenant) = (!config.base_url.is_null(), !config.tenant_id.is_null());
    match provider {
        Google if url => d.fail_at(
            at("base_url"),
            "Google needs no URL",
            "Leave `base_url` out; Google's issuer is the same for everybody.",
        ),
        Azure if url && tenant => d.fail_at(
            at("tenant_id"),
            "Tenant given twice",
            "`base_url` names the tenant as well; keep one of them.",
        ),
        Azure if !url && !tenant => d.fail_at(
            at("tenant_id"),
            "No tenant",
            "Set `tenant_id`, or `base_url` in a national cloud.",
        ),
        Google | Azure => {}
        p if !url => d.fail_at(
            at("base_url"),
            "No issuer",
            format!("{} needs `base_url`: the issuer that its console shows.", p.label()),
        ),
        _ => {}
    }
    if tenant && provider != Azure {
        d.fail_at(
            at("tenant_id"),
            "Only Azure has tenants",
            format!("Leave `tenant_id` out for {}.", provider.label()),
        );
    }
    if provider != Google && !config.domains.is_null() {
        let detail = format!(
            "{} does not look at `domains`; who may sign in is decided in its console.",
            provider.label()
        );
        d.warn_at(at("domains"), "Only Google looks at domains", detail);
    }
}

fn secrets(config: &SsoState, d: &mut Diagnostics) {
    if !config.client_secret.is_null() && !config.client_secret_wo.is_null() {
        d.fail_at(
            at("client_secret"),
            "Secret given twice",
            "`client_secret_wo` is given as well; keep that one alone.",
        );
    }
    for (name, value) in
        [("client_secret", &config.client_secret), ("client_secret_wo", &config.client_secret_wo)]
    {
        match value.as_deref_option() {
            Some(HIDDEN) => d.fail_at(
                at(name),
                "Not a secret",
                format!("`{HIDDEN}` is what CloudFormation shows instead of it."),
            ),
            Some("") => d.fail_at(
                at(name),
                "Empty secret",
                "Copy it from the identity provider's console, or leave the argument out.",
            ),
            _ => {}
        }
    }
}

fn domains(config: &SsoState, d: &mut Diagnostics) {
    let given = config
        .domains
        .as_ref_option()
        .into_iter()
        .flat_map(|set| set.0.iter().filter_map(Value::as_ref_option));
    let wrong = |text: &&String| {
        !text.contains('.') || text.contains(|c: char| !c.is_alphanumeric() && !"-.".contains(c))
    };
    for domain in given.filter(wrong) {
        d.fail_at(
            at("domains"),
            "Not a domain",
            format!("`{domain}` is none. Write domains one by one, as `[\"example.com\"]`."),
        );
    }
}
