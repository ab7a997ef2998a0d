//! The plan of a `quilt_stack`: what will happen, as far as it can be known, and what cannot.

use std::sync::Arc;

use super::decide::{self, planned, stays, stuck};
use super::gather::{Gathered, checks, first, gather, preview};
use super::state::Draft;
use crate::aws::Aws;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::deploy::Previewed;
use crate::outcome::Result;
use crate::resources::usage;
use crate::tf::Diagnostics;

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft, d: &mut Diagnostics) -> Result<()> {
    let aws = located(cx, draft).await?;
    if stuck::ends(draft, d) {
        return Ok(());
    }
    let gathered = gather(cx, aws, draft).await?;
    decide::check(&gathered, draft, d)?;
    checks::check(cx, &gathered, draft, d).await;
    if let Some(staying) = stays::staying(&gathered, draft, d) {
        usage::stays(cx, &staying, d);
    }
    let shown = foreseen(cx, &gathered, draft, d).await?;
    first::keep(cx, gathered.first, gathered.loaded.as_ref(), shown.as_ref(), draft);
    Ok(())
}

/// AWS in the stack's region, which is the provider's where the configuration says nothing.
async fn located(cx: &Cx, draft: &mut Draft) -> Result<Option<Arc<Aws>>> {
    let aws = cx.aws_if_known(draft.planned.region.as_deref_option()).await?;
    let open = draft.planned.region.is_unknown() && draft.config.region.is_null();
    if let Some(aws) = aws.as_ref().filter(|_| open) {
        draft.planned.region = aws.region.clone().into();
    }
    Ok(aws)
}

/// Writes what will be into the draft, and shows what an update would do to the stack's resources.
async fn foreseen(
    cx: &Cx,
    gathered: &Gathered,
    draft: &mut Draft,
    d: &mut Diagnostics,
) -> Result<Option<Previewed>> {
    let Some(prior) = draft.prior.clone() else {
        planned::creation(&cx.settings, gathered, draft, d);
        return Ok(None);
    };
    let touched = planned::update(&cx.settings, gathered, draft, &prior, d)?;
    let stands = prior.status() != Status::UpdateRollbackFailed && gathered.first.is_none();
    let shows = stands && (touched.template || touched.parameters);
    let (aws, loaded) = (gathered.aws.as_ref().filter(|_| shows), gathered.loaded.as_ref());
    preview::show(cx, aws, loaded, draft, touched.template, d).await
}
