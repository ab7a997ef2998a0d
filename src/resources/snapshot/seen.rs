//! What AWS says of a snapshot, as state: after an apply, at a refresh, at an import.

use super::{SnapshotState, copy};
use crate::cloudformation::arn::Arn;
use crate::cx::{Cx, Settings};
use crate::outcome::{Error, Result};
use crate::quilt::database::Facts;
use crate::quilt::snapshot::{MARK, Snapshot, check_identifier};
use crate::resources::tags;
use crate::tf::{AttributePath, Value};

/// A snapshot that has been begun.
pub fn begun(planned: SnapshotState, arn: Option<String>, region: &str) -> SnapshotState {
    let arn = arn.map_or(planned.arn.clone(), Value::Value);
    SnapshotState {
        arn,
        region: region.to_string().into(),
        status: "creating".to_string().into(),
        ..planned
    }
}

/// The state after an apply: what was planned, and what AWS made of it.
pub fn after(
    planned: SnapshotState,
    snapshot: &Snapshot,
    copy: Option<&Snapshot>,
    region: &str,
) -> SnapshotState {
    let (mut state, at) = (planned.clone(), planned.copy_created_at);
    fill(&mut state, snapshot, region);
    copy::put(&mut state, copy);
    // A state of an earlier release has none: the next refresh notes it.
    if !at.is_unknown() {
        state.copy_created_at = at;
    }
    state
}

/// The state at a refresh.
pub fn read(
    settings: &Settings,
    mut state: SnapshotState,
    snapshot: &Snapshot,
    region: &str,
) -> SnapshotState {
    fill(&mut state, snapshot, region);
    let live = snapshot
        .tags
        .iter()
        .filter(|(key, _)| *key != MARK)
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    (state.tags, state.tags_all) = tags::seen(settings, &live, &state.tags);
    state
}

/// The state of a snapshot that Terraform does not know yet, by its identifier or ARN.
pub async fn import(cx: &Cx, given: &str, region: Option<&str>) -> Result<SnapshotState> {
    let wrong = |what: String, fix: &str| Error::config(AttributePath::root(), what, fix);
    let id = Arn::of(given).map_or(given, |arn| arn.snapshot_id().unwrap_or_default());
    check_identifier(id)
        .map_err(|why| wrong("This is not a manual snapshot's identifier.".into(), &why))?;
    let aws = cx.aws_of(given, region).await?;
    let fix = "Give the snapshot's identifier, or its ARN when it is in another region.";
    let none = || wrong(format!("There is no snapshot {id} in {}.", aws.region), fix);
    let snapshot = aws.databases.snapshot(id).await?.filter(|s| !s.going()).ok_or_else(none)?;
    if snapshot.kind != "manual" {
        let what = format!("The snapshot {id} is not a manual one ({}).", snapshot.kind);
        return Err(wrong(what, "Copy it (`aws rds copy-db-snapshot`) and import the copy."));
    }
    let mut state = SnapshotState { delete_on_destroy: false.into(), ..SnapshotState::default() };
    state.snapshot_identifier = snapshot.id.clone().into();
    state.db_instance_identifier = snapshot.instance.clone().into();
    fill(&mut state, &snapshot, &aws.region);
    Ok(state)
}

fn fill(state: &mut SnapshotState, snapshot: &Snapshot, region: &str) {
    state.id = snapshot.id.clone().into();
    state.region = region.to_string().into();
    state.arn = snapshot.arn.clone().into();
    state.status = snapshot.status.clone().into();
    state.snapshot_type = snapshot.kind.clone().into();
    state.created_at = snapshot.created_at.clone().into();
    facts(state, &snapshot.facts);
}

/// What is in it.
pub fn facts(state: &mut SnapshotState, facts: &Facts) {
    state.engine = facts.engine.clone().into();
    state.engine_version = facts.engine_version.clone().into();
    state.username = facts.username.clone().into();
    state.allocated_storage = facts.allocated_storage.into();
    state.encrypted = facts.encrypted.into();
    state.kms_key_id = facts.kms_key_id.clone().into();
}

/// Refuses a source that is not any more what the plan said: what is built on the snapshot was checked against that.
pub fn expected(planned: &SnapshotState, found: &Facts) -> Result<()> {
    let mut now = planned.clone();
    facts(&mut now, found);
    let known = |value: &Value<String>| !value.is_unknown();
    let changed = known(&planned.engine) && now != *planned;
    if !changed {
        return Ok(());
    }
    let what = format!(
        "The database {} changed after the plan was made.",
        planned.db_instance_identifier.as_deref_option().unwrap_or_default()
    );
    Err(Error::config(
        AttributePath::new(attribute(planned)),
        what,
        "Nothing was done. Plan again: the new plan says what it is now.",
    ))
}

/// The argument that names the source.
fn attribute(planned: &SnapshotState) -> &'static str {
    if planned.stack_name.is_value() { "stack_name" } else { "db_instance_identifier" }
}
