//! The copy of a snapshot: in another region, under another key, or both.

use std::collections::BTreeMap;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::take::Take;
use super::{SnapshotState, region};
use crate::aws::Pairs;
use crate::cloudformation::arn::{Arn, region_of};
use crate::cloudformation::partition::is_gov_cloud;
use crate::cx::Cx;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::snapshot::{MARK, Snapshot};
use crate::resources::tags;
use crate::tf::{AttributePath, Diagnostics, Report, Value};
use crate::wait::write;

/// A copy is asked for.
fn wanted(state: &SnapshotState) -> bool {
    !matches!((&state.copy_to_region, &state.copy_kms_key_id), (Value::Null, Value::Null))
}

/// The region it goes to; `None`: the provider's own.
fn goes_to(state: &SnapshotState) -> Option<&str> {
    state.copy_to_region.as_deref_option().or_else(|| region(state))
}

/// It goes to another region than the snapshot's, as far as both are known.
fn abroad(state: &SnapshotState) -> bool {
    matches!((state.copy_to_region.as_deref_option(), region(state)), (Some(to), Some(from)) if to != from)
}

/// The ARN of the copy that the state knows.
fn arn(state: &SnapshotState) -> &str {
    state.copy_arn.as_deref_option().unwrap_or_default()
}

/// Its identifier: the snapshot's own, unless that is taken because both are in one region.
fn identifier(state: &SnapshotState) -> String {
    let id = state.id.as_deref_option().unwrap_or_default();
    if abroad(state) { id.to_string() } else { format!("{id}-copy") }
}

/// Checks a configuration offline.
pub fn validate(config: &SnapshotState, d: &mut Diagnostics) {
    let Some(key) = config.copy_kms_key_id.as_deref_option() else { return };
    let of = Arn::of(key).filter(Arn::is_key).map(|key| key.region);
    let why = match (of, config.copy_to_region.as_deref_option()) {
        (None, _) => {
            format!("`{key}` is not the ARN of a key: arn:aws:kms:<region>:<account>:key/<id>.")
        }
        (Some(of), Some(to)) if of != to => {
            format!("The key is in {of}, and the copy goes to {to}: it takes a key of that region.")
        }
        _ => return,
    };
    d.fail_at(AttributePath::new("copy_kms_key_id"), "This key is not valid", why);
}

/// Plans the copy: one that is there stays; another place is another copy, and the former one stays in AWS.
pub async fn plan(
    cx: &Cx,
    planned: &mut SnapshotState,
    prior: Option<&SnapshotState>,
    d: &mut Diagnostics,
) -> Result<()> {
    let before = prior.filter(|prior| prior.copy_arn.is_value());
    let same = |prior: &&SnapshotState| {
        (&prior.copy_to_region, &prior.copy_kms_key_id)
            == (&planned.copy_to_region, &planned.copy_kms_key_id)
    };
    match before.filter(same) {
        Some(prior) => {
            (planned.copy_identifier, planned.copy_arn) =
                (prior.copy_identifier.clone(), prior.copy_arn.clone());
            planned.copy_created_at = prior.copy_created_at.clone();
        }
        None if wanted(planned) => {
            (planned.copy_identifier, planned.copy_arn, planned.copy_created_at) =
                (Value::Unknown, Value::Unknown, Value::Unknown);
            possible(cx, planned).await?;
        }
        None => put(planned, None),
    }
    if let Some(arn) = before
        .filter(|prior| prior.copy_arn != planned.copy_arn)
        .and_then(|prior| prior.copy_arn.as_deref_option())
    {
        d.warn(
            "The former copy stays in AWS",
            format!("{arn} is not looked after any more. Delete it if nobody needs it."),
        );
    }
    Ok(())
}

/// What would be refused by AWS is refused at plan.
async fn possible(cx: &Cx, planned: &SnapshotState) -> Result<()> {
    let at =
        |what: String, fix: &str| Error::config(AttributePath::new("copy_to_region"), what, fix);
    let Some(to) = planned.copy_to_region.as_deref_option() else { return Ok(()) };
    match cx.aws(Some(to)).await {
        Err(Error::Config { what, fix, .. }) => return Err(at(what, &fix)),
        Ok(_) | Err(Error::NotYet) => {}
        Err(e) => return Err(e),
    }
    if !abroad(planned) {
        let same = matches!((region(planned), &planned.copy_kms_key_id), (Some(from), Value::Null) if from == to);
        let fix = "Name another one, or leave it out.";
        return if same {
            Err(at(format!("The snapshot itself is in {to}."), fix))
        } else {
            Ok(())
        };
    }
    if planned.encrypted == Value::Value(true) && planned.copy_kms_key_id.is_null() {
        let fix = format!("Give the ARN of a key in {to} as `copy_kms_key_id`.");
        return Err(at(
            "The snapshot is encrypted, and its key does not leave its region.".into(),
            &fix,
        ));
    }
    if is_gov_cloud(to) && planned.encrypted == Value::Value(true) {
        let fix = "Copy it by `aws rds copy-db-snapshot --source-region`, which signs a second request, and leave this out.";
        return Err(at(
            "Between the regions of GovCloud an encrypted snapshot is not copied by this provider."
                .into(),
            fix,
        ));
    }
    Ok(())
}

/// Makes the copy that is asked for, or finds the one of an earlier try, and waits for it; `None`: none is asked for.
pub async fn make(
    cx: &Cx,
    planned: &SnapshotState,
    source: &Snapshot,
    limit: Duration,
) -> Result<Option<Snapshot>> {
    if !wanted(planned) {
        return Ok(None);
    }
    let (take, id) =
        (Take::of(cx, "", goes_to(planned)).await?.copying(&source.arn), identifier(planned));
    let mut tags = tags::to_send(&cx.settings, &planned.tags_all, &BTreeMap::new());
    tags.insert(MARK.into(), take.mark(&id).await?);
    // One that the state knows is there already, however old it is.
    let known =
        planned.copy_arn.as_deref_option().is_some_and(|arn| arn.ends_with(&format!(":{id}")));
    if !known {
        begin(cx, &take, &id, source, planned.copy_kms_key_id.as_deref_option(), &tags, limit)
            .await?;
    }
    let copy = take.available(&id, limit).await?;
    if known && !is(&take, planned, &copy).await? {
        return Err(take.foreign(&copy));
    }
    take.tag(&copy, tags).await?;
    Ok(Some(copy))
}

async fn begin(
    cx: &Cx,
    take: &Take<'_>,
    id: &str,
    source: &Snapshot,
    key: Option<&str>,
    tags: &Pairs,
    limit: Duration,
) -> Result<()> {
    let _turn = cx.turns.take(&format!("snapshot {id} in {}", take.aws.region)).await;
    match take.aws.databases.snapshot(id).await? {
        Some(found) if !take.ours(&found).await? || before(&found, source) => {
            return Err(take.foreign(&found));
        }
        Some(found) if !found.failed() => return Ok(()),
        Some(_) => take.delete(id, limit).await?,
        None => {}
    }
    let copy = take.aws.databases.copy(id, &source.arn, key, tags);
    match write(cx, "the snapshot was about to be copied", copy).await {
        // A call that AWS carried out although its answer was lost.
        Err(e) if e.aws() == Some(AwsErrorKind::Exists) => take.still_ours(id).await.map(drop),
        begun => begun.map(drop),
    }
}

/// It was made before what is to be copied was taken: a copy of a former snapshot of that identifier.
fn before(found: &Snapshot, source: &Snapshot) -> bool {
    let at = |snapshot: &Snapshot| {
        snapshot.created_at.as_deref().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok())
    };
    matches!((at(found), at(source)), (Some(found), Some(source)) if found < source)
}

/// The way to the copy that the state knows.
async fn way<'a>(cx: &'a Cx, state: &SnapshotState) -> Result<Take<'a>> {
    Ok(Take::of(cx, arn(state), goes_to(state)).await?.copying(super::arn(state)))
}

/// What was found is the very copy that the state knows. A state of an earlier release has no time of it: there the mark tells, which was that
/// of any snapshot of the name.
async fn is(take: &Take<'_>, state: &SnapshotState, found: &Snapshot) -> Result<bool> {
    match state.copy_created_at.as_deref_option() {
        Some(at) => Ok(found.is(arn(state), Some(at))),
        None if found.arn != arn(state) => Ok(false),
        None => Ok(take.ours(found).await?
            || Take::of(take.cx, arn(state), None).await?.ours(found).await?),
    }
}

/// Puts into the state what there is of a copy.
pub fn put(state: &mut SnapshotState, copy: Option<&Snapshot>) {
    state.copy_created_at = copy.and_then(|copy| copy.created_at.clone()).into();
    state.copy_identifier = copy.map(|copy| copy.id.clone()).into();
    state.copy_arn = copy.map(|copy| copy.arn.clone()).into();
}

/// Looks at the copy that the state knows; one that is gone is made again by the next apply.
pub async fn read(cx: &Cx, state: &mut SnapshotState) -> Result<()> {
    let Some(id) = state.copy_identifier.as_deref_option().map(str::to_string) else {
        return Ok(());
    };
    let take = way(cx, state).await?;
    let copy = match take.find(&id).await?.filter(|copy| !copy.going() && !copy.failed()) {
        Some(found) if is(&take, state, &found).await? => Some(found),
        _ => None,
    };
    put(state, copy.as_ref());
    Ok(())
}

/// Deletes the copy that the state knows, and no other that came to its name.
pub async fn delete(
    cx: &Cx,
    state: &SnapshotState,
    limit: Duration,
    d: &mut Diagnostics,
) -> Result<()> {
    let Some(id) = state.copy_identifier.as_deref_option() else { return Ok(()) };
    let take = way(cx, state).await?;
    match take.find(id).await? {
        Some(found) if is(&take, state, &found).await? => take.delete_marked(&found, limit).await,
        Some(_) => {
            let detail = "It is not the one of the state, which is gone. It was not deleted.";
            d.warn(
                format!("The snapshot {id} in {} is somebody else's and stays", take.aws.region),
                detail,
            );
            Ok(())
        }
        None => Ok(()),
    }
}

/// Takes our mark off the copy that the state knows.
pub async fn release(cx: &Cx, state: &SnapshotState) -> Result<()> {
    let Some(id) = state.copy_identifier.as_deref_option() else { return Ok(()) };
    let take = way(cx, state).await?;
    let at = state.copy_created_at.as_deref_option();
    take.release(id, |found| found.is(arn(state), at) || (at.is_none() && found.arn == arn(state)))
        .await
}

/// The end of what is said of a snapshot that stays: how its copy is deleted.
pub fn how_to_delete(state: &SnapshotState) -> String {
    let (Some(id), Some(arn)) =
        (state.copy_identifier.as_deref_option(), state.copy_arn.as_deref_option())
    else {
        return String::new();
    };
    let region = region_of(arn).unwrap_or_default();
    format!(
        "\nIts copy stays too: aws rds delete-db-snapshot --region {region} --db-snapshot-identifier {id}"
    )
}
