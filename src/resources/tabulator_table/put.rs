//! A table is set, renamed and taken away, each looked at afterwards: a registry that failed may have done it all the same.

use super::{TabulatorTableResource, TabulatorTableState, check, place, seen};
use crate::catalog::{Catalog, Tabled};
use crate::cx::Cx;
use crate::kinds::resource::Resource;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::resources::catalog::entry;
use crate::tf::AttributePath;
use crate::wait;

/// Bucket and name.
type Place<'a> = (&'a str, &'a str);

/// The tables of a bucket; `None`: the catalog does not have the bucket.
///
/// # Errors
/// It is older than Tabulator, among others.
pub async fn found(catalog: &Catalog, bucket: &str) -> Result<Option<Vec<Tabled>>> {
    catalog.tables.of(bucket).await.map_err(|e| old(catalog, e))
}

/// The tables of a bucket that has to be there.
///
/// # Errors
/// The catalog does not have it.
pub async fn tables(catalog: &Catalog, bucket: &str) -> Result<Vec<Tabled>> {
    found(catalog, bucket).await?.ok_or_else(|| no_bucket(catalog, bucket))
}

/// The table as it is.
pub async fn look(catalog: &Catalog, (bucket, name): Place<'_>) -> Result<Option<Tabled>> {
    let all = found(catalog, bucket).await?.unwrap_or_default();
    Ok(all.into_iter().find(|table| table.name == name))
}

/// Sets what is wanted by this name.
pub async fn set(
    cx: &Cx,
    catalog: &Catalog,
    wanted: &TabulatorTableState,
    (bucket, name): Place<'_>,
) -> Result<Tabled> {
    let text = check::meant(wanted).ok_or(Error::NotYet)?.text();
    let sent = catalog.tables.set(bucket, name, Some(&text));
    let sent = wait::write(cx, "the Tabulator table was being set", sent).await;
    let such = |table: &Tabled| seen::is_alike(wanted, &table.config) == Some(true);
    let table = match sent {
        Err(e) if e.is_in_doubt() => look(catalog, (bucket, name)).await?.filter(such).ok_or(e)?,
        Err(e) => return Err(refused(catalog, bucket, e).await),
        Ok(()) => look(catalog, (bucket, name)).await?.ok_or_else(|| lost(wanted))?,
    };
    if such(&table) {
        Ok(table)
    } else {
        Err(entry::otherwise(&TabulatorTableResource::subject(wanted)))
    }
}

/// Brings a table to what is wanted. Its name comes last: until then the state leads to it.
pub async fn change(
    cx: &Cx,
    catalog: &Catalog,
    prior: &TabulatorTableState,
    wanted: &TabulatorTableState,
) -> Result<Tabled> {
    let ((bucket, before), (_, now)) = (place(prior), place(wanted));
    let all = tables(catalog, bucket).await?;
    let such = |table: &Tabled| seen::is_alike(wanted, &table.config) == Some(true);
    let has = |name: &str| all.iter().find(|table| table.name == name);
    match (has(before), has(now)) {
        (None, Some(table)) if such(table) => return Ok(table.clone()),
        (None, _) => return Err(lost(prior)),
        (Some(_), Some(_)) if before != now => return Err(taken(bucket, now)),
        (Some(table), _) if such(table) => {}
        _ => drop(set(cx, catalog, wanted, (bucket, before)).await?),
    }
    if before != now {
        rename(cx, catalog, (bucket, before), now).await?;
    }
    look(catalog, (bucket, now)).await?.ok_or_else(|| lost(wanted))
}

async fn rename(cx: &Cx, catalog: &Catalog, (bucket, before): Place<'_>, now: &str) -> Result<()> {
    let sent = catalog.tables.rename(bucket, before, now);
    match wait::write(cx, "the Tabulator table was being renamed", sent).await {
        Err(e) if e.is_in_doubt() => match look(catalog, (bucket, now)).await? {
            Some(_) => Ok(()),
            None => Err(e),
        },
        Err(e) => Err(refused(catalog, bucket, e).await),
        Ok(()) => Ok(()),
    }
}

/// Takes it away, where it is there.
pub async fn remove(cx: &Cx, catalog: &Catalog, place: Place<'_>) -> Result<()> {
    if look(catalog, place).await?.is_none() {
        return Ok(());
    }
    let sent = catalog.tables.set(place.0, place.1, None);
    match wait::write(cx, "the Tabulator table was being taken away", sent).await {
        Ok(()) => Ok(()),
        Err(e) if look(catalog, place).await?.is_some() => Err(e),
        // The registry did it all the same, or its bucket is gone.
        Err(_) => Ok(()),
    }
}

/// A refusal at its argument. That the bucket is gone is told by a look: by which word a registry says it is not known.
async fn refused(catalog: &Catalog, bucket: &str, e: Error) -> Error {
    if let Ok(None) = found(catalog, bucket).await {
        return no_bucket(catalog, bucket);
    }
    let cures = [
        (
            "config",
            "schema",
            "Correct what the registry names. `continue_on_error` needs Quilt 1.58: leave it out where Quilt is older.",
        ),
        ("tableName", "name", "Write lower-case letters, digits and `_`."),
        ("newTableName", "name", "Choose another name: lower-case letters, digits and `_`."),
    ];
    match cures.iter().find(|(code, ..)| e.refusal() == Some(code)) {
        Some((_, at, fix)) => Error::config(AttributePath::new(*at), format!("{e}."), *fix),
        None => old(catalog, e),
    }
}

fn old(catalog: &Catalog, e: Error) -> Error {
    match e.catalog() {
        Some(CatalogErrorKind::Old) => Error::Failed {
            state: format!(
                "The catalog {} is of a Quilt that has no Tabulator tables: they came with 1.55. Nothing was changed in it.",
                catalog.host
            ),
            next: "Upgrade Quilt, or take this block out until then.".into(),
        },
        _ => e,
    }
}

/// Another table has the name.
pub fn taken(bucket: &str, name: &str) -> Error {
    Error::config(
        AttributePath::new("name"),
        format!(
            "The bucket {bucket} has another Tabulator table {name}, so this one cannot be renamed to that."
        ),
        "Choose another name. Where the other one is to go, destroy or rename it by an apply of its own, and rename this one then.",
    )
}

fn no_bucket(catalog: &Catalog, bucket: &str) -> Error {
    Error::config(
        AttributePath::new("bucket"),
        format!("The catalog {} does not have the bucket {bucket}.", catalog.host),
        "Add it first: as a `quilt_bucket`, whose name then stands here (`quilt_bucket.<name>.name`), or in the catalog.",
    )
}

/// It is not there although it was.
fn lost(state: &TabulatorTableState) -> Error {
    Error::Failed {
        state: format!("{} is not there any more.", TabulatorTableResource::subject(state)),
        next: "Plan again: the plan makes it anew.".into(),
    }
}

/// There is none to import.
pub fn none(catalog: &Catalog, (bucket, name): Place<'_>) -> Error {
    Error::config(
        AttributePath::root(),
        format!(
            "The bucket {bucket} has no Tabulator table {name} in the catalog {}.",
            catalog.host
        ),
        "Import it by its bucket and its name, as the catalog's settings of the bucket show it: `example-results/samples`.",
    )
}

/// The id names no bucket.
pub fn unreadable(id: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("`{id}` does not say of which bucket the table is."),
        "Write the bucket, a slash and the table: `example-results/samples`.",
    )
}
