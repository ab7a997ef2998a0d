//! API keys of a catalog that are kept in a secret: what the secret holds, what it is called, and when there has to be another key.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::secret::Secret;

/// The first version of Quilt that has API keys.
pub const SINCE: (u64, u64) = (1, 67);
/// The longest that a key lasts, in days; as long as one lasts unless told.
pub const MOST_DAYS: i64 = 365;
/// So many days before its end there is another one, unless told.
const BEFORE: i64 = 30;
const DAY: i64 = 24 * 3600;

/// What the secret of an API key holds, as JSON; without the key while there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    /// The key itself.
    pub key: Option<Secret>,
    /// Its id in the registry.
    pub id: Option<String>,
    /// Its name there.
    pub name: String,
    /// Host of the catalog.
    pub host: String,
    /// Another name by which a key is about to be made.
    pub coming: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Members {
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    name: String,
    web_host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_name: Option<String>,
}

impl Stored {
    /// Reads a secret; `None`: it holds something else.
    pub fn of(secret: &Secret) -> Option<Self> {
        let Members { api_key, key_id, name, web_host, next_name } =
            serde_json::from_str(secret.reveal()).ok()?;
        let key = api_key.map(Secret::from);
        Some(Self { key, id: key_id, name, host: web_host, coming: next_name })
    }

    /// The text that the secret holds.
    pub fn text(&self) -> Secret {
        let members = Members {
            api_key: self.key.as_ref().map(|key| key.reveal().to_owned()),
            key_id: self.id.clone(),
            name: self.name.clone(),
            web_host: self.host.clone(),
            next_name: self.coming.clone(),
        };
        serde_json::to_string(&members).unwrap_or_default().into()
    }
}

/// The key in a secret, which holds it as it is, or as `api_key` in JSON; `None`: it holds JSON without one.
pub fn key_in(held: Secret) -> Option<Secret> {
    let text = held.reveal().trim();
    match held.member("api_key") {
        Ok(key) => Some(key),
        Err(_) if text.is_empty() || text.starts_with('{') => None,
        Err(_) => Some(text.to_owned().into()),
    }
}

/// The name of the secret for a key, unless another one is given.
pub fn secret_name(host: &str, key: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=.@-".contains(c);
    let key: String = key.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    format!("quilt/{host}/api-key/{key}")
}

/// So many days before its end a key that lasts `days` is renewed.
pub fn renewed_before(given: Option<i64>, days: i64) -> i64 {
    given.unwrap_or(BEFORE.min(days / 3))
}

/// A moment as a registry writes it, in seconds since 1970.
pub fn moment(text: &str) -> Option<i64> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp)
}

/// How many whole days are left until a moment; less than none once it is over.
pub fn days_left(until: &str, now: i64) -> Option<i64> {
    Some((moment(until)? - now).div_euclid(DAY))
}

/// A key that lasts until then is due to be renewed, so many days before.
pub fn is_due(until: &str, now: i64, before: i64) -> bool {
    moment(until).is_some_and(|until| now + before * DAY >= until)
}

/// How many days there are between two moments, to the nearest.
pub fn days_between(from: &str, until: &str) -> Option<i64> {
    Some((moment(until)? - moment(from)? + DAY / 2).div_euclid(DAY))
}

/// Whether this version of Quilt has API keys; `None`: it says nothing that is understood.
pub fn known_to(version: &str) -> Option<bool> {
    let mut parts = version.split('.').map(|part| part.parse::<u64>().ok());
    Some((parts.next()??, parts.next()??) >= SINCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_secret_holds_comes_back_and_is_not_shown() {
        let whole = Stored {
            key: Some("qk_s3cret".to_string().into()),
            id: Some("k1".into()),
            name: "terraform".into(),
            host: "data.example.com".into(),
            coming: Some("ci".into()),
        };
        assert_eq!(Stored::of(&whole.text()), Some(whole.clone()));
        assert_eq!(key_in(whole.text()), whole.key);
        assert!(!format!("{whole:?}").contains("s3cret"));
        let begun = Stored { key: None, id: None, ..whole };
        assert_eq!((Stored::of(&begun.text()), key_in(begun.text())), (Some(begun), None));
        let plain = |text: &str| key_in(text.to_string().into());
        assert_eq!(plain("qk_plain\n"), Some("qk_plain".to_string().into()));
        assert_eq!((plain(" "), Stored::of(&"qk_plain".to_string().into())), (None, None));
    }

    #[test]
    fn a_secret_is_called_by_host_and_key() {
        assert_eq!(
            secret_name("data.example.com", "CI of ann"),
            "quilt/data.example.com/api-key/CI-of-ann"
        );
    }

    #[test]
    fn a_key_is_renewed_before_its_end() {
        let all = [(None, 365), (None, 90), (None, 30), (None, 1), (Some(7), 365)];
        let before: Vec<_> = all.map(|(given, days)| renewed_before(given, days)).into();
        assert_eq!(before, [30, 30, 10, 0, 7]);
        let end = "2026-12-31T00:00:00.250000+00:00";
        let now = moment("2026-12-01T00:00:00Z").unwrap();
        assert_eq!(
            (days_left(end, now), is_due(end, now, 29), is_due(end, now, 30)),
            (Some(30), false, true)
        );
        assert_eq!(days_left(end, now + 31 * DAY), Some(-1));
        assert_eq!((is_due("soon", now, 365), days_left("soon", now)), (false, None));
        assert_eq!(days_between("2026-12-01T00:00:03Z", "2027-12-01T00:00:00Z"), Some(365));
    }

    #[test]
    fn an_older_quilt_has_no_keys() {
        let all = ["1.66.9", "1.67.0", "2.0", "", "next"].map(known_to);
        assert_eq!(all, [Some(false), Some(true), Some(true), None, None]);
    }
}
