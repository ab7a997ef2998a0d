//! Making a key: it is seen to let in and put into the secret, or it is revoked; a key whose text is lost is never left.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{door, vault};
use crate::aws::Aws;
use crate::catalog::{Catalog, Key};
use crate::cx::Cx;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::quilt::api_key::Stored;
use crate::resources::catalog::{self, removal};
use crate::wait::{last, write};

/// How long a new key may take to let in.
const LIMIT: Duration = Duration::from_secs(60);

/// What is wanted of a key.
pub struct Wanted<'a> {
    /// Its name.
    pub name: &'a str,
    /// How long it lasts.
    pub days: i64,
    /// The secret that it goes into.
    pub arn: &'a str,
}

/// Makes one, by whoever has been let in to `catalog`.
///
/// # Errors
/// There is no new key, and the secret holds what it held.
pub async fn make(cx: &Cx, catalog: &Catalog, aws: &Aws, wanted: &Wanted<'_>) -> Result<Key> {
    let before: BTreeSet<_> = catalog.keys.own().await?.into_iter().map(|key| key.id).collect();
    let create = catalog.keys.create(wanted.name, wanted.days);
    let key = match write(cx, "the API key was about to be made", create).await {
        Ok(key) => key,
        Err(e) => {
            if e.is_in_doubt() || matches!(e, Error::Interrupted { .. }) {
                let _ = last(cx, sweep(catalog, wanted.name, &before)).await;
            }
            return Err(e);
        }
    };
    cx.veil.learn(key.secret.reveal());
    match keep(cx, catalog, aws, wanted, &key).await {
        Ok(()) => Ok(key),
        Err((e, lost)) => {
            if lost {
                let _ = last(cx, revoke(catalog, &key.id)).await;
            }
            Err(e)
        }
    }
}

/// Sees that it lets in, and puts it into the secret.
async fn keep(
    cx: &Cx,
    catalog: &Catalog,
    aws: &Aws,
    wanted: &Wanted<'_>,
    key: &Key,
) -> Result<(), (Error, bool)> {
    let signed_in = door::by_key(cx, &catalog.host, &key.secret);
    catalog::answers(cx, &signed_in, LIMIT).await.map_err(|e| (e, true))?;
    let stored = Stored {
        key: Some(key.secret.clone()),
        id: Some(key.id.clone()),
        name: wanted.name.into(),
        host: catalog.host.clone(),
        coming: None,
    };
    vault::put(cx, aws, wanted.arn, &stored).await
}

/// Revokes what a call has made whose answer was lost.
async fn sweep(catalog: &Catalog, name: &str, before: &BTreeSet<String>) -> Result<()> {
    for key in catalog.keys.own().await? {
        if key.name == name && !before.contains(&key.id) {
            revoke(catalog, &key.id).await?;
        }
    }
    Ok(())
}

/// Revokes a key. One that has ended by itself, or that somebody else has revoked, is gone as well.
pub async fn revoke(catalog: &Catalog, id: &str) -> Result<()> {
    let done = catalog.keys.revoke(id).await;
    let left = async { Ok(catalog.keys.own().await?.iter().any(|key| key.id == id)) };
    match removal::ended(done, "NotFound", left).await {
        // It was the one that we are signed in by.
        Err(e) if e.catalog() == Some(CatalogErrorKind::SignIn) => Ok(()),
        done => done,
    }
}
