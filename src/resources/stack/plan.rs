//! The plan of a `quilt_stack`: what will happen, as far as it can be known, and what cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::connect;
use super::decide::{self, lasting, planned, stays, stuck};
use super::gather::{Gathered, checks, first, gather, preview, source};
use super::loaded::Loaded;
use super::state::Draft;
use crate::aws::Aws;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::deploy::Previewed;
use crate::outcome::Result;
use crate::resources::{usage, watching};
use crate::tf::Diagnostics;

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft, d: &mut Diagnostics) -> Result<()> {
    let aws = located(cx, draft).await?;
    if stuck::ends(draft, d) {
        return Ok(());
    }
    if draft.prior.is_none() && draft.config.without_template() {
        return Err(source::missing());
    }
    let gathered = gather(cx, aws, draft).await?;
    decide::check(&gathered, draft, d)?;
    checks::check(cx, &gathered, draft, d).await;
    if let Some(staying) = stays::staying(&gathered, draft, d) {
        usage::stays(cx, &staying, d);
    }
    let (shown, lasting) = foreseen(cx, &gathered, draft, d).await?;
    connect::certificate(&gathered, draft, d).await;
    let found = (shown.as_ref(), lasting);
    first::keep(cx, gathered.first, gathered.loaded.as_ref(), found, draft);
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
) -> Result<(Option<Previewed>, BTreeSet<String>)> {
    let Some(prior) = draft.prior.clone() else {
        planned::creation(&cx.settings, gathered, draft, d);
        watched(cx, gathered, draft, d);
        return Ok((None, BTreeSet::new()));
    };
    let touched = planned::update(&cx.settings, gathered, draft, &prior, d)?;
    let stands = prior.status() != Status::UpdateRollbackFailed && gathered.first.is_none();
    let shows = stands && (touched.template || touched.parameters);
    let (aws, loaded) = (gathered.aws.as_ref().filter(|_| shows), gathered.loaded.as_ref());
    let unseen = prior.id.as_ref_option().is_some_and(|id| !cx.refreshed.has(id));
    let unseen = unseen && !cx.provisional;
    let shown = preview::show(cx, aws, loaded, draft, touched.template, d).await?;
    let lasting = match &gathered.first {
        Some(first) => first.found.as_ref().map(|found| found.lasting.clone()).unwrap_or_default(),
        None => {
            let looks = aws.zip(loaded).filter(|_| unseen);
            lasting(
                cx,
                looks,
                lasting::candidates(gathered, draft, &prior, &touched),
                draft,
                &shown,
            )
            .await
        }
    };
    lasting::keep(&mut draft.planned, &prior, &lasting);
    Ok((shown, lasting))
}

/// Says how a creation is watched, once: not in the second planning, within the apply.
fn watched(cx: &Cx, gathered: &Gathered, draft: &Draft, d: &mut Diagnostics) {
    if gathered.first.is_none() {
        let quilt = gathered.template().is_some_and(|template| template.declares("QuiltWebHost"));
        let lasts = if quilt { watching::QUILT } else { "" };
        let planned = &draft.planned;
        let sentence = watching::sentence(&cx.settings, &planned.name, &planned.region);
        watching::creation(&planned.subject(), lasts, sentence, d);
    }
}

/// The outputs that stay as they are, as the preview says; where there is none because nothing was refreshed, the update is compared for it.
/// Not in a plan that may be thrown away: there they are open, and the next one compares.
async fn lasting(
    cx: &Cx,
    looks: Option<(&Arc<Aws>, &Loaded)>,
    candidates: BTreeMap<String, BTreeSet<String>>,
    draft: &Draft,
    shown: &Option<Previewed>,
) -> BTreeSet<String> {
    if candidates.is_empty() {
        return BTreeSet::new();
    }
    match (shown, looks) {
        (Some(shown), _) => lasting::through(candidates, &shown.changes),
        (None, Some((aws, loaded))) => match preview::compare(cx, aws, loaded, draft).await {
            Some(changes) => lasting::through(candidates, &changes),
            None => BTreeSet::new(),
        },
        (None, None) => BTreeSet::new(),
    }
}
