//! Secrets: a text that is never shown, and the user and password that a database's secret holds.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// What may have a meaning in a URL, and is escaped there.
pub const MEANT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What passwords are made of.
const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A text that is never shown.
#[derive(Clone, Default, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// What must be shown to nobody but AWS.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// So many letters and digits from random bytes: safe in shells, URLs and every pattern that Quilt has had. `None`: the bytes were too few.
    pub fn drawn(random: &[u8], length: usize) -> Option<Self> {
        // Bytes that would make some letters likelier than others are left out.
        let fair =
            random.iter().filter(|byte| usize::from(**byte) < 256 / LETTERS.len() * LETTERS.len());
        let letters = fair.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
        let text: String = letters.take(length).collect();
        (text.len() == length).then_some(Self(text))
    }

    /// The JSON object that it holds, with another text in it.
    ///
    /// # Errors
    /// It holds none: a sentence that shows nothing of it.
    pub fn with_member(&self, name: &str, text: &Secret) -> Result<Secret, String> {
        let object: Option<serde_json::Map<_, _>> = serde_json::from_str(&self.0).ok();
        let mut object = object.ok_or("The secret does not hold a JSON object.")?;
        object.insert(name.into(), text.0.clone().into());
        Ok(Self(serde_json::Value::Object(object).to_string()))
    }

    /// A text in the JSON object that it holds.
    ///
    /// # Errors
    /// It holds none: a sentence that shows nothing of it.
    pub fn member(&self, name: &str) -> Result<Secret, String> {
        let object: serde_json::Value =
            serde_json::from_str(&self.0).map_err(|_| "The secret does not hold JSON.")?;
        let text = object.get(name).and_then(serde_json::Value::as_str);
        text.map(|text| Self(text.into()))
            .ok_or_else(|| format!("The secret's JSON has no text `{name}`."))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Who signs in to a database.
#[derive(Debug, PartialEq)]
pub struct Login {
    /// The user.
    pub username: String,
    /// The user's password.
    pub password: Secret,
}

/// The shape of a database's secret, as RDS and its rotation have it too.
#[derive(Deserialize)]
struct Pair {
    username: Option<String>,
    password: Option<String>,
}

impl Login {
    /// Reads a secret. `username` is the user whom the configuration names.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence that shows nothing of it.
    pub fn of(secret: &Secret, username: Option<&str>) -> Result<Self, String> {
        let pair: Option<Pair> = serde_json::from_str(secret.reveal()).ok();
        let Some(pair) = pair else {
            return Err("The secret does not hold JSON with `username` and `password`.".into());
        };
        let text = |text: Option<String>| text.filter(|t| !t.is_empty());
        let Some(password) = text(pair.password) else {
            return Err("The secret's JSON has no `password`.".into());
        };
        match (text(pair.username), username) {
            (Some(held), Some(named)) if held != named => {
                Err(format!("The secret is of another user than `{named}`."))
            }
            (Some(username), _) => Ok(Self { username, password: password.into() }),
            (None, Some(named)) => Ok(Self { username: named.into(), password: password.into() }),
            (None, None) => {
                Err("The secret's JSON has no `username`, and `database.username` gives none."
                    .into())
            }
        }
    }

    /// The URL of a database: what has a meaning in URLs is escaped in user, password and name.
    pub fn url(&self, host: &str, port: i64, database: &str) -> Secret {
        let escaped = |text| utf8_percent_encode(text, MEANT);
        let (user, password) = (escaped(&self.username), escaped(self.password.reveal()));
        Secret(format!("postgresql://{user}:{password}@{host}:{port}/{}", escaped(database)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(json: &str, username: Option<&str>) -> Result<Login, String> {
        Login::of(&json.to_string().into(), username)
    }

    #[test]
    fn a_url_is_escaped_and_not_shown() {
        let login = login(
            r#"{"username": "root", "password": "a b/c@d:e%f?g#hé", "engine": "postgres"}"#,
            Some("root"),
        )
        .unwrap();
        let url = login.url("db.internal", 5432, "quilt");
        assert_eq!(
            url.reveal(),
            "postgresql://root:a%20b%2Fc%40d%3Ae%25f%3Fg%23h%C3%A9@db.internal:5432/quilt"
        );
        assert_eq!(format!("{url:?} {login:?}"), "*** Login { username: \"root\", password: *** }");
    }

    #[test]
    fn what_is_wrong_with_a_secret_is_said_without_it() {
        for (json, username, words) in [
            ("hunter2", None, "The secret does not hold JSON with `username` and `password`."),
            (r#""hunter2""#, None, "The secret does not hold JSON with `username` and `password`."),
            (
                r#"{"password": 7}"#,
                None,
                "The secret does not hold JSON with `username` and `password`.",
            ),
            (r#"{"username": "root"}"#, None, "The secret's JSON has no `password`."),
            (
                r#"{"username": "root", "password": ""}"#,
                None,
                "The secret's JSON has no `password`.",
            ),
            (
                r#"{"password": "hunter2"}"#,
                None,
                "The secret's JSON has no `username`, and `database.username` gives none.",
            ),
            (
                r#"{"username": "root", "password": "hunter2"}"#,
                Some("quilt"),
                "The secret is of another user than `quilt`.",
            ),
        ] {
            assert_eq!(login(json, username).unwrap_err(), words);
        }
        assert_eq!(login(r#"{"password": "hunter2"}"#, Some("root")).unwrap().username, "root");
    }
}
