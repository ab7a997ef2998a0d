//! What an API key's block may not say, and which catalogs have keys at all.

use super::ApiKeyState;
use crate::catalog::Catalog;
use crate::outcome::{CatalogError, CatalogErrorKind, Error, Result};
use crate::quilt::api_key::{MOST_DAYS, known_to, renewed_before};
use crate::resources::tags;
use crate::tf::{AttributePath, Diagnostics, Report};

/// Checks a configuration, offline.
pub fn validate(config: &ApiKeyState, d: &mut Diagnostics) {
    let at = AttributePath::new;
    if config.name.as_deref_option().is_some_and(|name| name.trim().is_empty()) {
        d.fail_at(at("name"), "The API key has no name", "Write one that says what it is for.");
    }
    let days = config.expires_in_days.as_ref_option();
    if days.is_some_and(|days| !(1..=MOST_DAYS).contains(days)) {
        d.fail_at(at("expires_in_days"), "Not how long a key lasts", "Give 1 to 365 days.");
    } else if let Some(before) = config.renew_before_days.as_ref_option()
        && !config.expires_in_days.is_unknown()
        && !(0..days.copied().unwrap_or(MOST_DAYS)).contains(before)
    {
        let detail = format!(
            "The key lasts {} days (`expires_in_days`). Give fewer, or 0 for a key that is renewed once it has ended.",
            days.copied().unwrap_or(MOST_DAYS)
        );
        d.fail_at(at("renew_before_days"), "Not when a key is renewed", detail);
    }
    if config.secret_name.as_deref_option().is_some_and(|name| !is_name(name)) {
        let detail = "The name of a secret has 1 to 512 letters, digits and `/_+=.@-`.";
        d.fail_at(at("secret_name"), "Not the name of a secret", detail);
    }
    tags::validate(&config.tags, d);
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    (1..=512).contains(&name.len()) && name.chars().all(fits)
}

/// How many days a key of this state lasts.
pub fn days(state: &ApiKeyState) -> i64 {
    state.expires_in_days.as_ref_option().copied().unwrap_or(MOST_DAYS)
}

/// So many days before its end it is renewed.
pub fn before(state: &ApiKeyState) -> i64 {
    renewed_before(state.renew_before_days.as_ref_option().copied(), days(state))
}

/// The catalog's version has API keys.
///
/// # Errors
/// It is too old.
pub async fn knows(catalog: &Catalog) -> Result<()> {
    let version = catalog.access.version().await?;
    if known_to(&version) != Some(false) {
        return Ok(());
    }
    Err(Error::Catalog(CatalogError {
        kind: CatalogErrorKind::Old,
        host: catalog.host.clone(),
        doing: "make an API key",
        code: String::new(),
        message: format!("Quilt has API keys from version 1.67 on, and this is {version}"),
    }))
}

/// There is a key of this name that is somebody's.
pub fn taken(name: &str, host: &str) -> Error {
    Error::config(
        AttributePath::new("name"),
        format!(
            "The user who signs in to {host} has an API key {name} already, which no secret of this configuration holds."
        ),
        "Choose another name. Or, if nobody needs that key, revoke it in the catalog (its user's settings have the list), and apply again.",
    )
}
