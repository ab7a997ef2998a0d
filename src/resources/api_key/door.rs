//! The ways in to a catalog when one of its API keys is looked at, renewed or ended: the key in the secret, and else the sign-in of `catalog`.

use std::sync::Arc;
use std::time::Duration;

use super::vault::There;
use super::{ApiKeyState, text};
use crate::catalog::{Catalog, OwnKey, Who};
use crate::cx::Cx;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::quilt::secret::Secret;
use crate::resources::catalog;

/// A catalog that a key has let in to, and the keys of whoever holds it.
pub struct Open {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The user's keys.
    pub keys: Vec<OwnKey>,
}

impl Open {
    /// The key that the secret holds, where it is one of ours.
    pub fn own<'a>(&'a self, there: &There) -> Option<&'a OwnKey> {
        let id = there.stored.as_ref()?.id.as_ref()?;
        self.keys.iter().find(|key| key.active && key.id == *id)
    }
}

/// The catalog as the holder of this key has it; nothing is called.
pub fn by_key(cx: &Cx, host: &str, key: &Secret) -> Arc<Catalog> {
    cx.catalogs.at(host, Who::Key(key.clone()))
}

/// Knocks with the key in the secret; `None`: it has none, or that does not let anybody in.
pub async fn knock(cx: &Cx, host: &str, there: &There) -> Result<Option<Open>> {
    let Some(key) = &there.key else { return Ok(None) };
    let catalog = by_key(cx, host, key);
    match catalog.keys.own().await {
        Ok(keys) => Ok(Some(Open { catalog, keys })),
        Err(e) if e.catalog() == Some(CatalogErrorKind::SignIn) => Ok(None),
        Err(e) => Err(e),
    }
}

/// The same, and a catalog that does not answer yet is waited for.
pub async fn knock_within(
    cx: &Cx,
    host: &str,
    there: &There,
    limit: Duration,
) -> Result<Option<Open>> {
    let Some(key) = &there.key else { return Ok(None) };
    match catalog::answers(cx, &by_key(cx, host, key), limit).await {
        Err(e) if e.catalog() == Some(CatalogErrorKind::SignIn) => Ok(None),
        // One that is no administrator's may end itself all the same.
        Err(e) if e.catalog() != Some(CatalogErrorKind::Denied) => Err(e),
        _ => knock(cx, host, there).await,
    }
}

/// Says no to who asks, and not to what is asked: another way in may do.
pub fn is_shut(e: &Error) -> bool {
    use CatalogErrorKind::{Denied, Refused, SignIn};
    matches!(e.catalog(), Some(Denied | Refused | SignIn))
}

/// There is no way in to make another key.
pub fn shut(state: &ApiKeyState, e: &Error) -> Error {
    let (name, host, arn) =
        (text(&state.name), text(&state.web_host), text(&state.api_key_secret_arn));
    Error::Failed {
        state: format!(
            "There has to be another API key {name}, and nobody is let in to {host} to make it. {e}. The secret holds what it held before."
        ),
        next: format!(
            "Give a sign-in that works in `catalog`. Where people sign in through an identity provider alone: an administrator makes a key in the catalog and puts it \
             into the secret as it is (`aws secretsmanager put-secret-value --secret-id {arn} --secret-string file://key.txt`), and the next apply makes its own by that."
        ),
    }
}
