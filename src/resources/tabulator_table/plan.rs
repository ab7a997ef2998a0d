//! The plan of a table: what stays known, and what is there by its name already.

use std::sync::Arc;

use super::{TabulatorTableResource, TabulatorTableState, check, place, put, seen, whole};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::Draft;
use crate::outcome::Result;
use crate::quilt::tabulator::Table;
use crate::resources::catalog::{self, origin};
use crate::tf::{Diagnostics, Value};

/// Refines a draft.
pub async fn plan(cx: &Cx, draft: &mut Draft<TabulatorTableResource>) -> Result<()> {
    let Draft { prior, config, planned, replace, private, .. } = draft;
    let held = prior.as_ref().map(|prior| (&prior.host, &*private));
    planned.host = origin::host(cx, &config.catalog, held).await?;
    let Some(prior) = prior.as_ref().filter(|_| replace.is_empty()) else { return Ok(()) };
    planned.config = match is_same(prior, planned) {
        true => prior.config.clone(),
        // The registry may write it in another way.
        false => Value::Unknown,
    };
    planned.id = match planned.name.is_unknown() {
        true => Value::Unknown,
        false => whole(planned).into(),
    };
    if prior.name == planned.name || planned.name.is_unknown() {
        return Ok(());
    }
    renamed(cx, prior, planned).await
}

/// The catalog has what is wanted already.
fn is_same(prior: &TabulatorTableState, planned: &TabulatorTableState) -> bool {
    let has = prior.config.as_deref_option().and_then(|text| Table::of(text).ok());
    has.is_some() && has == check::meant(planned)
}

/// Refuses a name that another table of the bucket has: the registry does, too.
async fn renamed(
    cx: &Cx,
    prior: &TabulatorTableState,
    planned: &TabulatorTableState,
) -> Result<()> {
    let ((bucket, before), (_, now)) = (place(prior), place(planned));
    let found = |catalog: Arc<Catalog>| async move { put::found(&catalog, bucket).await };
    let asked = catalog::asked(cx, &planned.catalog, found).await?;
    let has = asked.and_then(|(_, found)| found).unwrap_or_default();
    let is_there = |name: &str| has.iter().any(|table| table.name == name);
    match is_there(before) && is_there(now) {
        true => Err(put::taken(bucket, now)),
        false => Ok(()),
    }
}

/// What a creation meets.
pub async fn meets(cx: &Cx, planned: &TabulatorTableState, d: &mut Diagnostics) -> Result<Met> {
    let look = |catalog: Arc<Catalog>| async move { put::look(&catalog, place(planned)).await };
    match catalog::asked(cx, &planned.catalog, look).await? {
        None => Ok(Met::Unasked),
        Some((catalog, Some(table))) => {
            seen::there(&catalog, planned, &table, &whole(planned)).met(d)
        }
        Some((_, None)) => Ok(Met::Nothing),
    }
}
