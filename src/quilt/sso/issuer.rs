//! The issuer of an identity provider: what people paste, brought to the one form that works, or refused in plain words.

use super::IdentityProvider;

/// Where a tenant of Azure lives when only its id is given.
const AZURE: &str = "https://login.microsoftonline.com";
/// The host of it.
pub const AZURE_HOST: &str = "login.microsoftonline.com";
/// Words that stand for many tenants.
const MANY_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];
/// Hosts of issuers: whose, and how the host ends.
const HOSTS: [(IdentityProvider, &str); 9] = [
    (IdentityProvider::Azure, "login.microsoftonline.com"),
    (IdentityProvider::Azure, "login.microsoftonline.us"),
    (IdentityProvider::Azure, "login.partner.microsoftonline.cn"),
    (IdentityProvider::Azure, ".ciamlogin.com"),
    (IdentityProvider::Okta, ".okta.com"),
    (IdentityProvider::Okta, ".oktapreview.com"),
    (IdentityProvider::Okta, ".okta-emea.com"),
    (IdentityProvider::Okta, ".okta-gov.com"),
    (IdentityProvider::OneLogin, ".onelogin.com"),
];

/// The issuer to send for what was typed.
///
/// # Errors
/// What is wrong and what to write instead, as sentences.
pub fn normalised(provider: IdentityProvider, typed: &str) -> Result<String, String> {
    let (host, path) = parts(typed)?;
    match provider {
        IdentityProvider::Google => Err("Google needs no URL. Leave `base_url` out.".into()),
        IdentityProvider::Azure => azure(&host, &path),
        IdentityProvider::Okta => okta(&host, &path),
        IdentityProvider::OneLogin if path == "/oidc/2" => Ok(format!("https://{host}{path}")),
        IdentityProvider::OneLogin => Err(format!(
            "OneLogin's issuer ends in `/oidc/2` (Issuer URL V2): write `https://{host}/oidc/2`."
        )),
    }
}

/// The issuer of a tenant of Azure.
///
/// # Errors
/// It is no tenant.
pub fn of_tenant(tenant: &str) -> Result<String, String> {
    of_tenant_at(AZURE_HOST, tenant)
}

/// The issuer of a tenant of one of Azure's clouds, which has a host of its own.
///
/// # Errors
/// It is no tenant.
pub fn of_tenant_at(host: &str, tenant: &str) -> Result<String, String> {
    normalised(IdentityProvider::Azure, &format!("https://{host}/{}", one_tenant(tenant.trim())?))
}

/// Checks the host of one of Azure's clouds.
///
/// # Errors
/// It is none.
pub fn check_azure_host(host: &str) -> Result<(), String> {
    let azure = || {
        HOSTS
            .iter()
            .filter(|(provider, _)| *provider == IdentityProvider::Azure)
            .map(|(_, end)| *end)
    };
    let is = |end: &str| match end.starts_with('.') {
        true => {
            host.strip_suffix(end).is_some_and(|name| !name.is_empty() && name.chars().all(in_host))
        }
        false => host == end,
    };
    if azure().any(is) {
        return Ok(());
    }
    let whole: Vec<_> = azure().filter(|end| !end.starts_with('.')).collect();
    Err(format!(
        "`{host}` is no host of Azure's. It is one of {}, or ends in `.ciamlogin.com`.",
        whole.join(", ")
    ))
}

/// Both texts mean the same issuer.
pub fn alike(provider: IdentityProvider, one: &str, other: &str) -> bool {
    one == other
        || matches!((normalised(provider, one), normalised(provider, other)), (Ok(a), Ok(b)) if a == b)
}

/// Whose issuer it is, where its host tells.
pub fn whose(issuer: &str) -> Option<IdentityProvider> {
    let (host, _) = parts(issuer).ok()?;
    HOSTS.iter().find(|(_, end)| host.ends_with(end)).map(|(provider, _)| *provider)
}

/// Something to think about in an issuer that is right as it is.
pub fn advice(provider: IdentityProvider, issuer: &str) -> Option<String> {
    let bare = provider == IdentityProvider::Okta && issuer.matches('/').count() == 2;
    bare.then(|| {
        format!("This is the organisation's own server, which has no access policies and gives other group claims. Usual is `{issuer}/oauth2/default`.")
    })
}

/// Host and path, cleaned of what makes no difference.
fn parts(typed: &str) -> Result<(String, String), String> {
    let text = typed.trim();
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    if scheme.eq_ignore_ascii_case("http") {
        return Err(format!("Sign-in needs an encrypted connection: write `https://{rest}`."));
    }
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(format!("`{text}` is no URL that begins with `https://`."));
    }
    if rest.contains(|c: char| "?#@\\".contains(c) || c.is_whitespace() || c.is_control()) {
        return Err(format!(
            "`{text}` is not an issuer: an issuer has a host and a path, and nothing else."
        ));
    }
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = ["openid-configuration", "oauth-authorization-server"]
        .iter()
        .find_map(|document| {
            path.trim_end_matches('/').strip_suffix(&format!("/.well-known/{document}"))
        })
        .unwrap_or(path);
    let host = host.to_ascii_lowercase();
    if host.is_empty() || !host.contains('.') || host.starts_with('.') {
        return Err(format!(
            "`{text}` has no host. Copy the issuer from the identity provider's console."
        ));
    }
    Ok((host, path.trim_end_matches('/').to_string()))
}

fn azure(host: &str, path: &str) -> Result<String, String> {
    if host == "sts.windows.net" {
        let tenant = path.trim_matches('/');
        return Err(format!(
            "`{host}` is the issuer of version 1. Quilt needs version 2: write `{AZURE}/{tenant}/v2.0`."
        ));
    }
    let mut segments = path.split('/').skip(1);
    let tenant = one_tenant(segments.next().unwrap_or_default())?;
    match (segments.next(), segments.next()) {
        (None, _) => Ok(format!("https://{host}/{tenant}/v2.0")),
        (Some(version), None) if version.eq_ignore_ascii_case("v2.0") => {
            Ok(format!("https://{host}/{tenant}/v2.0"))
        }
        _ => {
            Err(format!("The issuer ends after the tenant: write `https://{host}/{tenant}/v2.0`."))
        }
    }
}

/// A tenant's id or one of its domains.
fn one_tenant(tenant: &str) -> Result<&str, String> {
    if MANY_TENANTS.contains(&tenant.to_ascii_lowercase().as_str()) {
        return Err(format!(
            "`{tenant}` lets people of every organisation in. Write the id of your own tenant instead."
        ));
    }
    let domain = tenant.contains('.')
        && tenant.split('.').all(|label| !label.is_empty() && label.chars().all(in_host));
    if is_id(tenant) || domain && !tenant.eq_ignore_ascii_case("v2.0") {
        return Ok(tenant);
    }
    let found = if tenant.is_empty() {
        "No tenant is given".to_string()
    } else {
        format!("`{tenant}` is not a tenant")
    };
    Err(format!(
        "{found}. Write the directory (tenant) id, as `01234567-89ab-cdef-0123-456789abcdef`, or a domain of the tenant."
    ))
}

/// It is the id of a tenant, rather than a domain.
pub fn is_id(tenant: &str) -> bool {
    let groups: Vec<_> = tenant.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && tenant.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

fn in_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn okta(host: &str, path: &str) -> Result<String, String> {
    if let Some((organisation, rest)) =
        host.split_once("-admin.okta").filter(|_| whose(host) == Some(IdentityProvider::Okta))
    {
        let host = format!("{organisation}.okta{rest}");
        return Err(format!(
            "This is the administrators' console, where nobody signs in. Write `https://{host}/oauth2/default`."
        ));
    }
    let server =
        path.strip_prefix("/oauth2/").filter(|server| !server.is_empty() && !server.contains('/'));
    if path.is_empty() || server.is_some() {
        return Ok(format!("https://{host}{path}"));
    }
    let server = path
        .strip_prefix("/oauth2/")
        .and_then(|rest| rest.split('/').next())
        .filter(|s| !s.is_empty() && *s != "v1");
    let server = server.unwrap_or("default");
    Err(format!(
        "Okta's issuer ends after the authorization server's name: write `https://{host}/oauth2/{server}`."
    ))
}
