//! The plan of a small stack: what holds for each of them, around what is its own.

use super::deletion;
use super::template::{ID, SmallStack, subject};
use super::version;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::templates::Templates;
use crate::resources::{place, standing, tags};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Plans what a creation and an update have alike.
pub async fn every<S: SmallStack>(
    cx: &Cx,
    templates: Templates,
    (prior, config, planned): (Option<&S>, &S, &mut S),
    d: &mut Diagnostics,
) -> Result<()> {
    let (before, said, it) = (prior.map(S::shared), config.shared(), planned.shared_mut());
    *it.tags_all = tags::of_stack(&cx.settings, it.tags, d);
    let version = before.map(|before| before.template_version);
    version::plan(templates, it.template_version, said.template_version, version, d);
    // The provider's region where none is given, as soon as the provider's settings are known.
    if it.region.is_unknown()
        && said.region.is_null()
        && let Some(aws) = cx.aws_if_known(None).await?
    {
        *it.region = aws.region.clone().into();
    }
    if prior.is_none()
        && let Some(Err(why)) = config.place().map(place::check_ids)
    {
        d.fail_at(AttributePath::new("network"), "This value is not valid", why);
    }
    planned.follow(prior, config);
    Ok(())
}

/// Plans a change of what is there.
pub async fn change<S: SmallStack>(
    cx: &Cx,
    (prior, config, planned): (&S, &S, &mut S),
    replace: &mut Vec<AttributePath>,
    d: &mut Diagnostics,
) -> Result<()> {
    let status = Status::from(prior.shared().status.as_deref_option().unwrap_or_default());
    if let Some(words) = prior.half_deleted(&status) {
        return half_deleted((prior, planned), &status, words, d);
    }
    if standing::stuck(&status, false) {
        standing::replaced(&subject(prior), &status, d);
        *planned.shared_mut().id = Value::Unknown;
        replace.push(AttributePath::new(ID));
    }
    if !replace.is_empty() {
        return Ok(());
    }
    if let Some(place) = prior.place() {
        deletion::stays(cx, prior, place, d);
    }
    stay(prior, config, d);
    planned.plan_update(cx, prior, config, d).await?;
    settle(planned, prior, &status);
    if !status.settled() {
        standing::resumes(&subject(prior), &status, d);
    }
    if planned == prior { Ok(()) } else { standing::updatable(&status, false) }
}

/// Refuses a move: what lives there would be replaced.
fn stay<S: SmallStack>(prior: &S, config: &S, d: &mut Diagnostics) {
    if let (Some(before), Some(now)) = (prior.place(), config.place())
        && place::elsewhere(before, now)
    {
        let summary = format!("A {} does not change its network", S::WHAT);
        d.fail_at(AttributePath::new("network"), summary, S::MOVE);
    }
}

/// Plans for what can be neither changed nor made anew.
fn half_deleted<S: SmallStack>(
    (prior, planned): (&S, &mut S),
    status: &Status,
    (what, fix): (&str, &str),
    d: &mut Diagnostics,
) -> Result<()> {
    settle(planned, prior, status);
    if planned != prior {
        let what = format!("{what} It cannot be changed any more.");
        return Err(Error::config(AttributePath::new("name"), what, fix));
    }
    d.warn(format!("{} is half deleted", subject(prior)), format!("{what} {fix}"));
    Ok(())
}

/// Leaves open what the apply makes; where nothing changes, that stays as it is.
fn settle<S: SmallStack>(planned: &mut S, prior: &S, status: &Status) {
    for slot in planned.made_by_aws() {
        // What a creation that was stopped has not given yet.
        if slot.is_null() && !status.settled() {
            *slot = Value::Unknown;
        }
    }
    let mut before = prior.clone();
    for (slot, before) in planned.moving().into_iter().zip(before.moving()) {
        *slot = before.clone();
    }
    if planned != prior || !status.settled() {
        planned.moving().into_iter().for_each(|slot| *slot = Value::Unknown);
    }
}
