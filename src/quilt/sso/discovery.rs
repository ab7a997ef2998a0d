//! An issuer's description of itself, which every identity provider but Google needs to have looked up.

use serde::Deserialize;

use super::{IdentityProvider, issuer};

/// Where an issuer describes itself.
pub fn address(issuer: &str) -> String {
    format!("{issuer}/.well-known/openid-configuration")
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
}

/// What is wrong with an answer from the issuer's address, as a sentence; `None`: it is the issuer.
pub fn doubt(provider: IdentityProvider, issuer: &str, status: u16, body: &str) -> Option<String> {
    let address = address(issuer);
    match status {
        200 => {}
        300..400 => {
            return Some(format!(
                "{address} leads elsewhere (HTTP {status}); the identity provider's console shows the issuer itself."
            ));
        }
        400..500 => {
            return Some(format!(
                "{address} is no page (HTTP {status}): there is no such issuer. {}",
                hint(provider)
            ));
        }
        _ => return Some(format!("{address} does not work now (HTTP {status}).")),
    }
    let Ok(document) = serde_json::from_str::<Document>(body) else {
        return Some(format!("{address} answers with something that describes no issuer."));
    };
    let same = document.issuer == issuer || same_tenant(provider, issuer, &document.issuer);
    (!same).then(|| {
        let named = document.issuer.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
        format!("{address} says that the issuer is `{named}`, and people's tokens will name that one. Write it as `base_url`.")
    })
}

/// Azure names a tenant by its id, even where it was asked by one of its domains.
fn same_tenant(provider: IdentityProvider, asked: &str, named: &str) -> bool {
    let parts = |url: &str| {
        url.strip_prefix("https://")
            .and_then(|rest| rest.strip_suffix("/v2.0"))
            .map(|rest| rest.to_ascii_lowercase())
    };
    let (Some(asked), Some(named)) = (parts(asked), parts(named)) else { return false };
    let (Some((asked_host, asked)), Some((named_host, named))) =
        (asked.split_once('/'), named.split_once('/'))
    else {
        return false;
    };
    provider == IdentityProvider::Azure
        && asked_host == named_host
        && (asked == named || asked.contains('.') && issuer::is_id(named))
}

fn hint(provider: IdentityProvider) -> &'static str {
    match provider {
        IdentityProvider::Google => "",
        IdentityProvider::Azure => "Look at the tenant.",
        IdentityProvider::Okta => {
            "Look at the company's name and the authorization server's, which is often `default`."
        }
        IdentityProvider::OneLogin => "Look at the company's name.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentityProvider::{Azure, Okta};

    const ISSUER: &str = "https://example.okta.com/oauth2/default";
    const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

    fn named(provider: IdentityProvider, issuer: &str, named: &str) -> Option<String> {
        doubt(
            provider,
            issuer,
            200,
            &format!("{{\"issuer\": \"{named}\", \"jwks_uri\": \"https://x\"}}"),
        )
    }

    #[test]
    fn an_issuer_names_itself() {
        assert_eq!(named(Okta, ISSUER, ISSUER), None);
        let other = named(Okta, ISSUER, "https://example.okta.com").unwrap();
        assert!(other.contains("the issuer is `https://example.okta.com`"), "{other}");
        assert!(
            named(Okta, ISSUER, &format!("{ISSUER}/")).is_some(),
            "tokens are compared letter by letter"
        );
    }

    #[test]
    fn a_tenant_may_be_asked_for_by_a_domain() {
        let azure = |tenant: &str| format!("https://login.microsoftonline.com/{tenant}/v2.0");
        assert_eq!(named(Azure, &azure(ID), &azure(ID)), None);
        assert_eq!(named(Azure, &azure("example.com"), &azure(ID)), None);
        assert!(named(Azure, &azure(ID), &azure(&ID.replace('0', "f"))).is_some());
        assert!(
            named(Azure, &azure("example.com"), "https://login.microsoftonline.us/x/v2.0")
                .is_some()
        );
    }

    #[test]
    fn other_answers_are_told() {
        let told = |status, body| doubt(Okta, ISSUER, status, body).unwrap();
        assert!(
            told(404, "").contains("there is no such issuer. Look at the company's name"),
            "{}",
            told(404, "")
        );
        assert!(
            told(302, "").contains("leads elsewhere")
                && told(503, "").contains("does not work now")
        );
        assert!(
            told(200, "<html>").contains("describes no issuer")
                && told(200, "{\"issuer\": 1}").contains("describes no issuer")
        );
    }
}
