//! The plan of a bucket: what it is called, and what of it is known before it is added.

use std::sync::Arc;

use super::{BucketResource, BucketState, name, put, sent};
use crate::catalog::Catalog;
use crate::deploy::adoption::Met;
use crate::kinds::resource::Draft;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::tf::Value;

/// Refines a draft.
pub fn plan(draft: &mut Draft<BucketResource>) {
    let planned = &mut draft.planned;
    if draft.config.title.is_null() {
        planned.title = planned.name.clone();
    }
    if planned.id.is_unknown() {
        planned.id = planned.name.clone();
    }
    let Some(prior) = &draft.prior else { return };
    // What a scan does is none of this change's.
    planned.last_indexed = prior.last_indexed.clone();
    if prior.last_indexed.is_null() {
        planned.last_indexed = Value::Unknown;
    }
}

/// What the addition of a bucket meets: one that is as this is to be is taken over, any other is not touched.
pub async fn meets(catalog: &Result<Arc<Catalog>>, planned: &BucketState) -> Result<Met> {
    let catalog = match catalog {
        Err(Error::NotYet) => return Ok(Met::Unasked),
        catalog => catalog.clone()?,
    };
    let found = match catalog.buckets.get(name(planned)).await {
        // One that does not stand yet has nothing.
        Err(e) if e.catalog() == Some(CatalogErrorKind::Unreached) => return Ok(Met::Unasked),
        found => found?,
    };
    let Some(found) = found else { return Ok(Met::Nothing) };
    let name = found.name.clone();
    put::same(&catalog, found, &sent::settings(planned, None)).map(|_| Met::Ours(name))
}
