//! What to enter in an identity provider's console.

use super::IdentityProvider;
use crate::quilt::hosts::bare;

/// Where an identity provider sends people back to.
pub fn redirect_uri(web_host: &str) -> String {
    format!("https://{}/oauth-callback", bare(web_host))
}

/// The steps in the console of `provider`, a line each.
pub fn steps(provider: IdentityProvider, redirect_uri: &str) -> String {
    let lines: &[&str] = match provider {
        IdentityProvider::Google => &[
            "In the Google Cloud console, under APIs & Services > Credentials, create an OAuth client ID of the type Web application.",
            "Authorized redirect URI: {}",
            "Hand over client ID (`client_id`) and client secret (`client_secret_wo`).",
            "List your Google Workspace domains in `domains`; anybody with a Google account may sign in otherwise.",
        ],
        IdentityProvider::Azure => &[
            "In Microsoft Entra ID, register an application for accounts in this organizational directory only.",
            "Add the platform Web, not single-page application. Redirect URI: {}",
            "Leave implicit grant off. Grant the delegated permissions openid, email and offline_access of Microsoft Graph.",
            "Create a client secret and hand over its Value, not its Secret ID (`client_secret_wo`), before it expires.",
            "Hand over the application (client) ID (`client_id`) and the directory (tenant) ID (`tenant_id`).",
            "Assign people or groups when the application demands assignment.",
        ],
        IdentityProvider::Okta => &[
            "In Okta's console, create an app integration: OIDC - OpenID Connect, Web Application.",
            "Grant types: Authorization Code, Refresh Token, Implicit (hybrid).",
            "Sign-in redirect URI: {} (no wildcard)",
            "Leave Federation Broker Mode off and assign people or groups. Choose an authentication policy that they can meet.",
            "Under Security > API, give the authorization server an access policy with a rule for this app.",
            "Hand over client ID (`client_id`), client secret (`client_secret_wo`) and the authorization server's issuer URI (`base_url`).",
        ],
        IdentityProvider::OneLogin => &[
            "In OneLogin's console, make a custom connector with the sign-on method OpenID Connect, and an app from it.",
            "Login URL and redirect URI: {}",
            "Application type: Web. Token endpoint authentication method: POST.",
            "Assign people.",
            "Hand over client ID (`client_id`), client secret (`client_secret_wo`) and Issuer URL V2 (`base_url`).",
        ],
    };
    let numbered = lines
        .iter()
        .enumerate()
        .map(|(i, line)| format!("{}. {}\n", i + 1, line.replace("{}", redirect_uri)));
    numbered.collect()
}
