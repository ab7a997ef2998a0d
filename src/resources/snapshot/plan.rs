//! The plan of a `quilt_snapshot`: what will be in it is known ahead where its source can be looked at.

use std::time::Duration;

use super::take::{Take, not_ours, now, too_old};
use super::{SnapshotResource, SnapshotState, copy, region, seen, source};
use crate::cx::Cx;
use crate::deploy::adoption::{INCONSISTENT, Met};
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{Error, Result};
use crate::quilt::snapshot::Snapshot;
use crate::resources::{tags, timeouts};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<SnapshotResource>, d: &mut Diagnostics) -> Result<()> {
    draft.planned.tags_all = tags::all(&cx.settings, &draft.planned.tags);
    let prior = draft.prior.clone();
    match &prior {
        None => creation(cx, draft, d).await?,
        Some(prior) if draft.replace.is_empty() => update(cx, draft, prior, d).await?,
        Some(_) => {}
    }
    let stays = prior.as_ref().filter(|_| draft.replace.is_empty());
    copy::plan(cx, &mut draft.planned, stays, d).await
}

/// The way to AWS; `None` while the provider's settings or the region are not known.
async fn way<'a>(cx: &'a Cx, config: &SnapshotState) -> Result<Option<Take<'a>>> {
    if config.region.is_unknown() || (config.region.is_null() && config.stack_name.is_unknown()) {
        return Ok(None);
    }
    Ok(cx.aws_if_known(region(config)).await?.map(|aws| Take { cx, aws, source: None }))
}

async fn creation(cx: &Cx, draft: &mut Draft<SnapshotResource>, d: &mut Diagnostics) -> Result<()> {
    draft.planned.snapshot_type = "manual".to_string().into();
    if let Some(id) = draft.planned.snapshot_identifier.as_deref_option() {
        draft.planned.id = id.to_string().into();
    }
    let Some(take) = way(cx, &draft.config).await? else { return Ok(()) };
    draft.planned.region = take.aws.region.clone().into();
    let Some(found) = source::look(&take.aws, &draft.config, d).await? else { return Ok(()) };
    if found.stuck() {
        let detail = format!(
            "Its status is {}, and a snapshot can be taken of one that is available. The apply will fail unless that changes.",
            found.status
        );
        d.warn(format!("The database {} is not available", found.id), detail);
    }
    let open = SnapshotState {
        db_instance_identifier: draft.config.db_instance_identifier.clone(),
        snapshot_identifier: draft.planned.snapshot_identifier.clone(),
        ..draft.planned.clone()
    };
    draft.planned = source::fill(&take, open, &found).await?;
    seen::facts(&mut draft.planned, &found.facts);
    let id = draft.planned.id.as_deref_option().unwrap_or_default().to_string();
    if draft.config.delete_on_destroy != Value::Value(true)
        && draft.instead_of.as_ref().is_some_and(|arn| arn.ends_with(&format!(":{id}")))
    {
        let what =
            format!("A replacement leaves the snapshot {id} in AWS, where its name is taken then.");
        let fix = "For a fresh snapshot write another `snapshot_identifier`; or apply `delete_on_destroy = true` before.";
        return Err(Error::config(AttributePath::new("snapshot_identifier"), what, fix));
    }
    if let Some(Some(snapshot)) = source::allowed(take.aws.databases.snapshot(&id).await, d)?
        && !snapshot.failed()
    {
        // If it is taken over, this is what is in it; if not, the plan is stopped, or it goes before.
        seen::facts(&mut draft.planned, &snapshot.facts);
    }
    Ok(())
}

/// What a creation finds by its name: nothing, what an earlier apply of ours took, or what is somebody else's.
pub async fn meets(cx: &Cx, planned: &SnapshotState, d: &mut Diagnostics) -> Result<Met> {
    let Some(take) = way(cx, planned).await? else { return Ok(Met::Unasked) };
    let id = planned.id.as_deref_option().unwrap_or_default();
    // What is not allowed has been told.
    let snapshot = match source::allowed(
        take.aws.databases.snapshot(id).await,
        &mut Diagnostics::default(),
    )? {
        None => return Ok(Met::Unasked),
        Some(found) => found.filter(|snapshot| !snapshot.going()),
    };
    match snapshot {
        None => Ok(Met::Nothing),
        Some(snapshot) => {
            existing(&take, &snapshot, timeouts::STACK.with(&planned.timeouts).create, d)
                .await
                .map(|()| Met::Ours(snapshot.arn))
        }
    }
}

/// A snapshot of that name exists: an earlier apply of ours took it, or it is somebody else's.
async fn existing(
    take: &Take<'_>,
    snapshot: &Snapshot,
    limit: Duration,
    d: &mut Diagnostics,
) -> Result<()> {
    if !take.ours(snapshot).await? {
        return Err(not_ours(snapshot));
    }
    if !snapshot.failed() && !snapshot.young(now(), limit) {
        return Err(too_old(snapshot));
    }
    if !snapshot.failed() {
        let when = snapshot
            .created_at
            .as_ref()
            .map_or("it is being taken now".to_string(), |at| format!("it was taken at {at}"));
        let detail = format!(
            "An earlier apply took it, and {when}. What was written later is not in it; for a fresh one, write another \
             `snapshot_identifier`.\n\n{INCONSISTENT}"
        );
        d.warn_at(
            AttributePath::new("snapshot_identifier"),
            format!("The snapshot {} is taken over", snapshot.id),
            detail,
        );
    }
    Ok(())
}

async fn update(
    cx: &Cx,
    draft: &mut Draft<SnapshotResource>,
    prior: &SnapshotState,
    d: &mut Diagnostics,
) -> Result<()> {
    let status = prior.status.as_deref_option().unwrap_or_default();
    let now = Snapshot {
        id: prior.id.as_deref_option().unwrap_or_default().into(),
        status: status.into(),
        ..Snapshot::default()
    };
    if now.failed() {
        let detail =
            format!("Its status is {status}: nothing can be restored from it. It is taken anew.");
        d.warn(format!("{} will be replaced", SnapshotResource::subject(prior)), detail);
        draft.planned.id = Value::Unknown;
        draft.replace.push(AttributePath::new("id"));
        return Ok(());
    }
    if now.available() {
        draft.planned.status = prior.status.clone();
    } else {
        let detail = "It is still being taken. The apply waits for its end.";
        d.warn(format!("{} resumes", SnapshotResource::subject(prior)), detail);
        unfinished(&mut draft.planned);
    }
    if prior.stack_name.is_null() && draft.config.stack_name.is_value() {
        same_source(cx, draft, prior, d).await?;
    }
    Ok(())
}

/// What a snapshot that was interrupted has not given yet.
fn unfinished(planned: &mut SnapshotState) {
    planned.status = Value::Unknown;
    planned.created_at = Value::Unknown;
    if planned.arn.is_null() {
        planned.arn = Value::Unknown;
    }
    if planned.engine.is_null() {
        (planned.allocated_storage, planned.encrypted) = (Value::Unknown, Value::Unknown);
        for slot in [
            &mut planned.engine,
            &mut planned.engine_version,
            &mut planned.username,
            &mut planned.kms_key_id,
        ] {
            *slot = Value::Unknown;
        }
    }
}

/// After an import the stack is named for the first time: it must be the one the snapshot is of, as far as it still exists.
async fn same_source(
    cx: &Cx,
    draft: &Draft<SnapshotResource>,
    prior: &SnapshotState,
    d: &mut Diagnostics,
) -> Result<()> {
    let Some(take) = way(cx, &draft.config).await? else { return Ok(()) };
    match source::look(&take.aws, &draft.config, d).await {
        Ok(Some(found)) if prior.db_instance_identifier.as_deref_option() != Some(&found.id) => {
            let what = format!(
                "This snapshot is of {}, and the stack's database is {}.",
                prior.db_instance_identifier.as_deref_option().unwrap_or_default(),
                found.id
            );
            Err(Error::config(
                AttributePath::new("stack_name"),
                what,
                "Name the stack it is of, or give `db_instance_identifier` instead.",
            ))
        }
        Ok(_) | Err(Error::Config { .. }) => Ok(()),
        Err(e) => Err(e),
    }
}
