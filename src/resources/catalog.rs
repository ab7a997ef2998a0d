//! What everything that is set in a catalog has together: which catalog that is, the way to it, and whose turn it is.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use super::timeouts::Limits;
use crate::attributes;
use crate::catalog::{Catalog, SignIn, Site};
use crate::cx::Cx;
use crate::kinds::resource::Identity;
use crate::outcome::{CatalogError, CatalogErrorKind, Error, Result, spoken};
use crate::tf::{AttributePath, Value};
use crate::wait::{self, Pace, Seen};

pub mod entry;
mod imported;
pub mod loss;
pub mod object;
pub mod origin;
pub mod removal;

pub use imported::{Imported, imported, setting};

attributes! {
    /// The catalog that something is set in: a whole `quilt_stack` or `quilt_api_key`, or an object with what leads to another one. Where the
    /// provider block's `catalog` has the same host, that one's way to sign in is used.
    pub struct CatalogInput {
        /// Host where people open the catalog.
        web_host: String = Optional;
        /// E-mail address or name of an administrator who signs in by a password.
        admin_email: String = Optional;
        /// ARN of the secret that holds the administrator's password: as it is, or as `password` in JSON.
        admin_password_secret_arn: String = Optional;
        /// ARN of the registry's role, as a `quilt_stack` gives it out: an IAM role of your own (`arn` of a `quilt_role`) is asked whether it
        /// trusts it. Another one alone is no change.
        registry_role_arn: String = Optional.aside();
        /// ARN of the secret that holds an administrator's API key: as it is, or as `api_key` in JSON. A `quilt_api_key` has it. Where it is
        /// given, it is the way to sign in, whatever else is given.
        api_key_secret_arn: String = Optional;
    }
}

/// Of everything in a catalog: a host whose records are just being made is waited for.
pub const LIMITS: Limits = Limits { create: minutes(30), update: minutes(30), delete: minutes(30) };

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

/// Where a resource says that its catalog is; `None`: the provider block says so.
///
/// # Errors
/// `NotYet` while it is not known; it lacks something.
pub fn site(cx: &Cx, input: &Value<CatalogInput>) -> Result<Option<Site>> {
    let given = match input {
        Value::Null => return Ok(None),
        Value::Unknown => return Err(Error::NotYet),
        Value::Value(given) => given,
    };
    let host = text(&given.web_host, "web_host")?;
    if let Some(block) = cx.settings.catalog.as_ref().filter(|block| block.host == host) {
        return Ok(Some(block.clone()));
    }
    let sign_in = match &given.api_key_secret_arn {
        Value::Null => SignIn::Password {
            username: text(&given.admin_email, "admin_email")?,
            secret_arn: text(&given.admin_password_secret_arn, "admin_password_secret_arn")?,
        },
        arn => SignIn::KeyAt { secret_arn: text(arn, "api_key_secret_arn")? },
    };
    Ok(Some(Site { host, sign_in }))
}

fn text(value: &Value<String>, member: &'static str) -> Result<String> {
    match value {
        Value::Unknown => Err(Error::NotYet),
        Value::Value(text) if !text.is_empty() => Ok(text.clone()),
        _ => Err(lacking(member)),
    }
}

fn lacking(member: &'static str) -> Error {
    let what = match member {
        "admin_password_secret_arn" => {
            "Nothing says how to sign in to the catalog: `admin_password_secret_arn` is null. A stack has one where the provider has made its \
             administrator's password."
                .to_string()
        }
        member => format!("`{member}` of the catalog is null."),
    };
    let fix = "Write an object with `web_host` and `api_key_secret_arn`, the ARN of a secret that holds an API key (a whole `quilt_api_key` has both), \
               or with `web_host`, `admin_email` and `admin_password_secret_arn`; or give the provider block a `catalog` with this host and an `api_key`.";
    Error::config(AttributePath::new("catalog"), what, fix)
}

/// The catalog, without a call.
///
/// # Errors
/// `NotYet` while it is not known, and where the key that leads to it was found dead: this plan renews it.
pub async fn open(cx: &Cx, input: &Value<CatalogInput>) -> Result<Arc<Catalog>> {
    let site = site(cx, input)?;
    match site.as_ref().map(|site| &site.sign_in) {
        Some(SignIn::KeyAt { secret_arn }) if cx.ended.has(secret_arn) => Err(Error::NotYet),
        _ => cx.catalog(site.as_ref()).await,
    }
}

/// The same during a plan; `None` while it is not known which one it is, or how to sign in to it.
pub async fn open_if_known(cx: &Cx, input: &Value<CatalogInput>) -> Result<Option<Arc<Catalog>>> {
    match open(cx, input).await {
        Ok(catalog) => Ok(Some(catalog)),
        Err(Error::NotYet) => Ok(None),
        Err(e) => Err(e),
    }
}

/// The catalog and what it answers during a plan; `None` while it is not known or does not answer: the apply asks again, and waits for a
/// catalog that is not there yet.
///
/// # Errors
/// It answers that it cannot be told.
pub async fn asked<T, F: Future<Output = Result<T>>>(
    cx: &Cx,
    input: &Value<CatalogInput>,
    ask: impl FnOnce(Arc<Catalog>) -> F,
) -> Result<Option<(Arc<Catalog>, T)>> {
    let Some(catalog) = open_if_known(cx, input).await? else { return Ok(None) };
    match ask(catalog.clone()).await {
        Err(e) if e.is_in_doubt() => Ok(None),
        answer => Ok(Some((catalog, answer?))),
    }
}

/// The host, as far as a plan knows it.
pub async fn host(cx: &Cx, input: &Value<CatalogInput>) -> Result<Value<String>> {
    let known = input.as_ref_option().and_then(|given| given.web_host.as_ref_option());
    match known {
        Some(host) => Ok(host.clone().into()),
        None => Ok(open_if_known(cx, input)
            .await?
            .map_or(Value::Unknown, |catalog| catalog.host.clone().into())),
    }
}

/// The catalog, once it answers and knows us as an administrator.
///
/// # Errors
/// It did not within `limit`: what to do about it.
pub async fn reach(cx: &Cx, input: &Value<CatalogInput>, limit: Duration) -> Result<Arc<Catalog>> {
    let catalog = open(cx, input).await?;
    answers(cx, &catalog, limit).await.map(|()| catalog)
}

/// Waits until a catalog answers and knows us as an administrator.
///
/// # Errors
/// It did not within `limit`: what to do about it.
pub async fn answers(cx: &Cx, catalog: &Catalog, limit: Duration) -> Result<()> {
    let look = || async move {
        match catalog.access.me().await {
            Ok(me) if me.admin => Ok(Seen::Done(())),
            Ok(me) => Ok(Seen::Failed(denied(&catalog.host, &me.name))),
            Err(Error::Catalog(e)) if e.kind == CatalogErrorKind::Unreached => {
                Ok(Seen::Pending(format!("the catalog {} is waited for ({})", e.host, e.message)))
            }
            Err(e) => Ok(Seen::Failed(e)),
        }
    };
    match wait::until(cx, Pace::within(limit), look).await {
        Err(Error::TooLong { doing, limit }) => Err(silent(&doing, limit)),
        done => done,
    }
}

fn denied(host: &str, name: &str) -> Error {
    Error::Catalog(CatalogError {
        kind: CatalogErrorKind::Denied,
        host: host.into(),
        doing: "take a change",
        code: String::new(),
        message: format!("{name} is no administrator"),
    })
}

fn silent(doing: &str, limit: Duration) -> Error {
    Error::Failed {
        state: format!("After {}, {doing} still. Nothing was changed in it.", spoken(&limit)),
        next: "See that the catalog's name and its registry's resolve (`cnames` of the quilt_stack has the records to make) and that this machine \
               reaches them: an internal catalog is reached from its network or a VPN alone. Then apply again: what was made stays, and the rest follows."
            .into(),
    }
}

/// The turn to change something in a catalog: roles, policies and the mapping hang together, and the registry does not order what comes at once.
pub async fn turn(cx: &Cx, catalog: &Catalog) -> OwnedMutexGuard<()> {
    cx.turns.take(&format!("catalog {}", catalog.host)).await
}

/// What something in a catalog is called there.
pub fn identity(
    kind: &'static str,
    at: &'static str,
    host: &Value<String>,
    name: &Value<String>,
    id: &Value<String>,
) -> Option<Identity> {
    let (host, name) = (host.as_ref_option()?.clone(), name.as_ref_option()?.clone());
    let import = format!("{host}/{name}");
    let id = id.clone().as_option();
    Some(Identity { kind, at, name, id, import, catalog: Some(host), ..Identity::default() })
}

/// Something that a registry says no to, as a mistake at an attribute; every other error as it is.
pub fn at(attribute: &'static str, codes: &[&str], e: Error, fix: &str) -> Error {
    match e {
        Error::Catalog(refused) if codes.contains(&refused.code.as_str()) => {
            let what = format!("{refused}.");
            Error::config(AttributePath::new(attribute), what, fix)
        }
        e => e,
    }
}

#[cfg(test)]
pub mod tests;
