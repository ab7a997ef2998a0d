//! Signing in: a password becomes a token, once, and an API key is one, wherever it is kept.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::json;

use super::Registry;
use crate::catalog::Who;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::quilt::api_key::key_in;
use crate::quilt::secret::Secret;
use crate::web::{Call, Page};

const DOING: &str = "let the provider sign in";
const LIMIT: Duration = Duration::from_secs(30);
/// A token that ends sooner is not used any more.
const LEFT: Duration = Duration::from_secs(60);

/// What is shown with every call.
#[derive(Clone)]
pub struct Token {
    secret: Secret,
    ends: Option<SystemTime>,
}

impl Token {
    fn lasts(&self) -> bool {
        self.ends.is_none_or(|ends| ends > SystemTime::now() + LEFT)
    }
}

/// What a registry answers to a password, and to the token it gave for one.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    token: Option<String>,
    access_token: Option<String>,
    refresh_token: Option<String>,
    #[serde(alias = "exp")]
    expires_at: Option<f64>,
    error: Option<String>,
    message: Option<String>,
    error_code: Option<String>,
}

impl Given {
    fn ends(&self) -> Option<SystemTime> {
        let seconds = Duration::try_from_secs_f64(self.expires_at?).ok()?;
        SystemTime::UNIX_EPOCH.checked_add(seconds)
    }

    fn said(self) -> String {
        self.message
            .or(self.error)
            .or(self.error_code)
            .unwrap_or_else(|| "it gave no reason".into())
    }
}

impl Registry {
    /// The token, signed in for if there is none that lasts.
    pub(super) async fn token(&self) -> Result<Secret> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_ref().filter(|token| token.lasts()) {
            return Ok(token.secret.clone());
        }
        let token = self.sign_in().await?;
        self.veil.learn(token.secret.reveal());
        Ok(held.insert(token).secret.clone())
    }

    /// This token was refused; another call may have another one already. `false`: there is no other.
    pub(super) async fn forget(&self, refused: &Secret) -> bool {
        let mut held = self.token.lock().await;
        if held.as_ref().is_some_and(|token| token.secret == *refused) {
            *held = None;
        }
        // A secret may hold another key by now.
        !matches!(self.who, Who::Key(_))
    }

    async fn sign_in(&self) -> Result<Token> {
        let (username, password) = match &self.who {
            Who::Key(key) => return Ok(Token { secret: key.clone(), ends: None }),
            Who::KeyAt { secret_arn, secrets } => {
                let held = secrets.value(secret_arn).await?.ok_or_else(|| self.lost(secret_arn))?;
                let key = key_in(held).ok_or_else(|| self.keyless(secret_arn))?;
                return Ok(Token { secret: key, ends: None });
            }
            Who::Password { username, secret_arn, secrets } => {
                let held = secrets.value(secret_arn).await?;
                (username, password(held.ok_or_else(|| self.lost(secret_arn))?))
            }
        };
        self.veil.learn(password.reveal());
        if self.found().await?.no_passwords {
            return Err(self.denied(
                "nobody signs in to it by a password (`passwordAuth` is DISABLED)".into(),
            ));
        }
        let body = json!({ "username": username, "password": password.reveal() }).to_string();
        let given = self.given("/api/login", "application/json", body).await?;
        match &given {
            Given { refresh_token: Some(refresh), .. } => self.exchange(refresh).await,
            Given { token: Some(token), .. } | Given { access_token: Some(token), .. } => {
                Ok(Token { secret: token.clone().into(), ends: given.ends() })
            }
            _ => Err(self.denied(given.said())),
        }
    }

    /// What lasts long is exchanged for what is shown. As a form: JSON is refused there.
    async fn exchange(&self, refresh: &str) -> Result<Token> {
        self.veil.learn(refresh);
        let escaped = percent_encoding::utf8_percent_encode(refresh, crate::quilt::secret::MEANT);
        let form = "application/x-www-form-urlencoded";
        let given = self.given("/api/token", form, format!("refresh_token={escaped}")).await?;
        match &given.access_token {
            Some(token) => Ok(Token { secret: token.clone().into(), ends: given.ends() }),
            None => Err(self.denied(given.said())),
        }
    }

    async fn given(&self, path: &str, content: &'static str, body: String) -> Result<Given> {
        let url = format!("{}{path}", self.found().await?.registry);
        let headers = vec![("content-type", content.into()), ("accept", "application/json".into())];
        let call = Call { method: "POST", url, headers, body, limit: LIMIT };
        let page = self.web.call(call).await;
        let page = page.map_err(|why| self.error(CatalogErrorKind::Unreached, DOING, why))?;
        self.read(&page)
    }

    fn read(&self, page: &Page) -> Result<Given> {
        let given = serde_json::from_str::<Given>(&page.body);
        match (page.status, given) {
            (200, Ok(given)) => Ok(given),
            (400..=403 | 409 | 422, Ok(given)) => Err(self.denied(given.said())),
            (status @ 400..=403, Err(_)) => Err(self.denied(format!("HTTP status {status}"))),
            (status, _) => {
                let why = format!("HTTP status {status}, and no answer of a registry");
                Err(self.error(CatalogErrorKind::Unreached, DOING, why))
            }
        }
    }

    fn denied(&self, why: String) -> Error {
        self.error(CatalogErrorKind::SignIn, DOING, why)
    }

    fn lost(&self, secret_arn: &str) -> Error {
        self.denied(format!("the secret {secret_arn} does not exist"))
    }

    fn keyless(&self, secret_arn: &str) -> Error {
        self.denied(format!("the secret {secret_arn} holds no API key"))
    }
}

/// A secret holds a password as it is, or in the JSON that rotation writes.
fn password(held: Secret) -> Secret {
    held.member("password").unwrap_or(held)
}
