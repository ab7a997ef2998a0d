//! Action `quilt_take_snapshot`: takes a manual snapshot of a stack's database.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::cloudformation::arn::region_of;
use crate::cx::Cx;
use crate::kinds::action::Action;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::Instance;
use crate::quilt::snapshot::{MARK, Snapshot, action_mark, identifier_at};
use crate::resources::snapshot::SnapshotState;
use crate::resources::snapshot::source;
use crate::resources::snapshot::take::Take;
use crate::resources::tags;
use crate::tf::{AttributePath, Diagnostics, Value};

/// A large database takes its time.
const LIMIT: Duration = HOUR.saturating_mul(3);

attributes! {
    /// Takes a manual snapshot of a Quilt stack's database, and waits until it can be restored from: before an update of the stack, for one.
    /// Nothing deletes it but a person. A snapshot that is part of a configuration, as for a migration, is the resource of a similar name.
    ///
    /// Each invocation takes another one. One that was interrupted is gone on with by the next.
    pub struct TakeSnapshotConfig {
        /// Name or ARN of the stack whose database is meant: its resource with the logical id `DB`. Give this or `db_instance_identifier`.
        stack_name: String = Optional;
        /// Identifier of the database instance.
        db_instance_identifier: String = Optional;
        /// Identifier of the snapshot: lower-case letters, digits and single hyphens. Default: the instance's with the time. One that an action
        /// of this configuration has taken under this name already is left as it is, and nothing is done.
        snapshot_identifier: String = Optional;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// Tags of the snapshot, beside those of the provider block.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long it waits, as `90m`. Default `3h`. RDS goes on with it after that.
        timeout: String = Optional;
    }
}

/// Action `quilt_take_snapshot`.
pub struct TakeSnapshot;

#[async_trait]
impl Action for TakeSnapshot {
    const NAME: &'static str = "quilt_take_snapshot";
    type Config = TakeSnapshotConfig;

    fn subject(config: &TakeSnapshotConfig) -> String {
        let of = config.stack_name.as_deref_option();
        let of = of.or(config.db_instance_identifier.as_deref_option()).unwrap_or("a database");
        format!("The snapshot of {of}")
    }

    fn validate(&self, config: &TakeSnapshotConfig, d: &mut Diagnostics) {
        source::check(
            &config.stack_name,
            &config.db_instance_identifier,
            &config.snapshot_identifier,
            d,
        );
        tags::validate(&config.tags, d);
        timeout::validate(&config.timeout, d);
    }

    async fn invoke(
        &self,
        cx: &Cx,
        config: TakeSnapshotConfig,
        _d: &mut Diagnostics,
    ) -> Result<String> {
        let stack = config.stack_name.as_deref_option().unwrap_or_default();
        let region = config.region.as_deref_option().or_else(|| region_of(stack));
        let take = Take::of(cx, stack, region).await?;
        let of = SnapshotState {
            stack_name: config.stack_name.clone(),
            db_instance_identifier: config.db_instance_identifier.clone(),
            ..SnapshotState::default()
        };
        let instance = source::find(&take.aws, &of).await?;
        let limit = timeout::of(&config.timeout, LIMIT);
        let id = match config.snapshot_identifier.as_deref_option() {
            Some(id) => id.to_string(),
            None => unfinished(&take, &instance)
                .await?
                .unwrap_or_else(|| identifier_at(&instance, OffsetDateTime::now_utc())),
        };
        begin(&take, &id, &instance, &config, limit).await?;
        let snapshot = take.available(&id, limit).await?;
        Ok(format!("Snapshot {} of {} is available", snapshot.id, instance.id))
    }
}

/// The mark of a snapshot of this name that an action of this configuration has taken.
async fn mark(take: &Take<'_>, id: &str) -> Result<String> {
    let account = take.aws.identity.account().await?;
    Ok(action_mark(&take.cx.settings.owner, &account, &take.aws.region, id))
}

async fn ours(take: &Take<'_>, snapshot: &Snapshot) -> Result<bool> {
    Ok(snapshot.tags.get(MARK) == Some(&mark(take, &snapshot.id).await?))
}

/// What an interrupted invocation has begun and is being taken still. Who may not list snapshots takes another one.
async fn unfinished(take: &Take<'_>, instance: &Instance) -> Result<Option<String>> {
    let all = match take.aws.databases.snapshots(&instance.id).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => return Ok(None),
        all => all?,
    };
    for snapshot in all.into_iter().filter(|s| !s.available() && !s.failed()) {
        if ours(take, &snapshot).await? {
            return Ok(Some(snapshot.id));
        }
    }
    Ok(None)
}

/// Begins to take it, unless an action of this configuration has begun that already.
async fn begin(
    take: &Take<'_>,
    id: &str,
    instance: &Instance,
    config: &TakeSnapshotConfig,
    limit: Duration,
) -> Result<()> {
    let _turn = take.cx.turns.take(&format!("snapshot {id}")).await;
    if let Some(found) = take.aws.databases.snapshot(id).await? {
        return taken(take, &found, instance).await;
    }
    let all = tags::all(&take.cx.settings, &config.tags);
    let mut tags = tags::to_send(&take.cx.settings, &all, &BTreeMap::new());
    tags.insert(MARK.into(), mark(take, id).await?);
    match take.ask(id, instance, &tags, limit).await {
        // A call that AWS carried out although its answer was lost.
        Err(e) if e.aws() == Some(AwsErrorKind::Exists) => {
            match take.aws.databases.snapshot(id).await? {
                Some(found) => taken(take, &found, instance).await,
                None => Ok(()),
            }
        }
        begun => begun.map(drop),
    }
}

/// A snapshot that has the name: ours, of this instance, and of use.
async fn taken(take: &Take<'_>, found: &Snapshot, instance: &Instance) -> Result<()> {
    let at = AttributePath::new("snapshot_identifier");
    if !ours(take, found).await? || found.instance != instance.id {
        let what = format!(
            "A snapshot named {} exists already, and no action of this configuration has taken it of {}. Nothing was done.",
            found.id, instance.id
        );
        return Err(Error::config(
            at,
            what,
            "Choose another `snapshot_identifier`, or leave it out.",
        ));
    }
    if found.failed() {
        let what = format!("The snapshot {} is there already and is {}.", found.id, found.status);
        return Err(Error::config(at, what, "Delete it, or choose another `snapshot_identifier`."));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
