//! A bucket is added, changed and removed, each looked at afterwards: a registry that failed may have done it all the same.

use std::time::Duration;

use super::{BucketResource, BucketState, name, refused, sent};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Adoption;
use crate::kinds::resource::Resource;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::quilt::bucket::{Bucket, Settings};
use crate::resources::catalog::entry::There;
use crate::tf::{AttributePath, Value};
use crate::wait::{self, Pace, Seen};

/// Adds it, or takes over one that is there just as it is to be; the latter is told.
pub async fn add(
    cx: &Cx,
    catalog: &Catalog,
    planned: &BucketState,
    adoption: &Adoption,
) -> Result<(Bucket, bool)> {
    let (name, wanted) = (name(planned), sent::settings(planned, None));
    if let Some(found) = catalog.buckets.get(name).await? {
        there(catalog, planned, &found).adopted(adoption)?;
        return Ok((found, true));
    }
    let delay = planned.delay_scan == Value::Value(true);
    let sent = catalog.buckets.add(name, &wanted, delay);
    let added = match wait::write(cx, "the bucket was being added", sent).await {
        Err(e) if e.is_in_doubt() => stored(catalog, name, &wanted, e).await,
        Err(e) => Err(refused::placed(e)),
        Ok(()) => looked(catalog, name, &wanted).await,
    };
    added.map(|found| (found, false))
}

/// A bucket that is there by the name that is wanted.
pub fn there<'a>(catalog: &Catalog, planned: &BucketState, found: &'a Bucket) -> There<'a> {
    There {
        what: format!("bucket {} in the catalog {}", found.name, catalog.host),
        block: BucketResource::NAME,
        at: "name",
        id: &found.name,
        import: format!("{}/{}", catalog.host, found.name),
        alike: sent::is_known(planned)
            .then(|| found.settings.differs(&sent::settings(planned, None)).is_none()),
    }
}

/// There is none to import.
pub fn none(catalog: &Catalog, name: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("The catalog {} has no bucket {name}.", catalog.host),
        "Import it by its name in S3, or have it added: leave the import out.",
    )
}

/// Changes it. Settings that nobody names are sent as they are.
pub async fn change(cx: &Cx, catalog: &Catalog, planned: &BucketState) -> Result<Bucket> {
    let name = name(planned);
    let there = catalog.buckets.get(name).await?.ok_or_else(|| gone(name))?;
    let wanted = sent::settings(planned, Some(&there.settings));
    let sent =
        wait::write(cx, "the bucket was being changed", catalog.buckets.update(name, &wanted));
    match sent.await {
        Err(e) if e.is_in_doubt() => stored(catalog, name, &wanted, e).await,
        Err(e) => Err(refused::placed(e)),
        Ok(()) => looked(catalog, name, &wanted).await,
    }
}

/// Removes it, after the scan that is under way.
pub async fn remove(cx: &Cx, catalog: &Catalog, name: &str, limit: Duration) -> Result<()> {
    wait::until(cx, Pace::within(limit), || async {
        let removed =
            wait::write(cx, "the bucket was being removed", catalog.buckets.remove(name)).await;
        match removed {
            Ok(()) => Ok(Seen::Done(())),
            Err(e) if e.refusal() == Some("BucketNotFound") => Ok(Seen::Done(())),
            Err(e) if e.refusal() == Some("IndexingInProgress") => {
                Ok(Seen::Pending("the bucket is being scanned and cannot be removed".into()))
            }
            Err(e) if e.is_in_doubt() && catalog.buckets.get(name).await?.is_none() => {
                Ok(Seen::Done(()))
            }
            Err(e) => Ok(Seen::Failed(e)),
        }
    })
    .await
}

/// Waits for the first scan to be complete.
pub async fn scanned(cx: &Cx, catalog: &Catalog, name: &str, limit: Duration) -> Result<Bucket> {
    wait::until(cx, Pace::within(limit), || async {
        let pending = || Seen::Pending("the first scan of the bucket is under way".into());
        match catalog.buckets.get(name).await {
            Ok(Some(found)) if found.last_indexed.is_some() => Ok(Seen::Done(found)),
            Ok(Some(_)) => Ok(pending()),
            Ok(None) => Ok(Seen::Failed(gone(name))),
            Err(e) if e.catalog() == Some(CatalogErrorKind::Unreached) => Ok(pending()),
            Err(e) => Err(e),
        }
    })
    .await
}

/// After a change that failed: it may have been made.
async fn stored(catalog: &Catalog, name: &str, wanted: &Settings, e: Error) -> Result<Bucket> {
    match catalog.buckets.get(name).await {
        Ok(Some(found)) if found.settings.differs(wanted).is_none() => Ok(found),
        _ => Err(e),
    }
}

/// After a change that was told to be made.
async fn looked(catalog: &Catalog, name: &str, wanted: &Settings) -> Result<Bucket> {
    let found = catalog.buckets.get(name).await?.ok_or_else(|| gone(name))?;
    match found.settings.differs(wanted) {
        None => Ok(found),
        Some(argument) => Err(Error::Failed {
            state: format!("The catalog {} keeps another `{argument}` of the bucket {name} than it was sent, and tells no error.", catalog.host),
            next: "Apply again. If that does not help, write it as the catalog's own page has it: the registry may bring it into another form.".into(),
        }),
    }
}

fn gone(name: &str) -> Error {
    Error::config(
        AttributePath::new("name"),
        format!("The catalog has no bucket {name} any more."),
        "It was removed meanwhile. Plan again: it is added anew.",
    )
}
