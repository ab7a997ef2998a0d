//! The plan of a bucket: what it is called, and what of it is known before it is added.

use std::sync::Arc;

use super::{BucketResource, BucketState, name, put};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::Draft;
use crate::outcome::Result;
use crate::resources::catalog;
use crate::resources::catalog::origin;
use crate::tf::{Diagnostics, Value};

/// Refines a draft.
pub async fn plan(cx: &Cx, draft: &mut Draft<BucketResource>) -> Result<()> {
    let planned = &mut draft.planned;
    if draft.config.title.is_null() {
        planned.title = planned.name.clone();
    }
    let held = draft.prior.as_ref().map(|prior| (&prior.host, &draft.private));
    planned.host = origin::host(cx, &draft.config.catalog, held).await?;
    let Some(prior) = &draft.prior else { return Ok(()) };
    // What a scan does is none of this change's.
    planned.last_indexed = match prior.last_indexed.is_null() {
        true => Value::Unknown,
        false => prior.last_indexed.clone(),
    };
    let same = BucketState { last_indexed: prior.last_indexed.clone(), ..planned.clone() };
    if same == *prior {
        planned.last_indexed = same.last_indexed;
    }
    Ok(())
}

/// What the addition of a bucket meets.
pub async fn meets(cx: &Cx, planned: &BucketState, d: &mut Diagnostics) -> Result<Met> {
    let get = |catalog: Arc<Catalog>| async move { catalog.buckets.get(name(planned)).await };
    match catalog::asked(cx, &planned.catalog, get).await? {
        None => Ok(Met::Unasked),
        Some((catalog, Some(found))) => put::there(&catalog, planned, &found).met(d),
        Some((_, None)) => Ok(Met::Nothing),
    }
}
