//! `quilt_snapshot`: a manual snapshot of the database of a Quilt stack.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::tags;
use super::timeouts::{self, Timeouts};
use crate::attributes;
use crate::cloudformation::arn::region_of;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::{Error, Result};
use crate::quilt::snapshot::{MARK, Snapshot};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

mod copy;
mod plan;
mod seen;
pub mod source;
pub mod take;

attributes! {
    /// A manual snapshot of a Quilt stack's database: what a `quilt_database` is made from when a deployment moves to a new network. It
    /// outlives the database and the stack.
    ///
    /// Stop whatever changes Quilt's settings before it is taken: what is written later is not in it. Taking one lasts minutes, and the
    /// database keeps running. A later apply never takes it again; for a fresh one, write another `snapshot_identifier`.
    pub struct SnapshotState {
        /// Name or ARN of the stack whose database is meant: its resource with the logical id `DB`. Give this or `db_instance_identifier`.
        stack_name: String = Optional.replaces();
        /// Identifier of the database instance. Default: the one of the stack.
        db_instance_identifier: String = OptionalComputed.replaces();
        /// Identifier of the snapshot: lower-case letters, digits and single hyphens. Default: made from the instance and from who applies, so
        /// that an apply that was interrupted finds it again. A second snapshot of the same database needs a name of its own.
        snapshot_identifier: String = OptionalComputed.replaces();
        /// The region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// Whether a destroy deletes the snapshot. Otherwise it stays in AWS, where it costs money for its storage.
        delete_on_destroy: bool = Optional.default(false);
        /// Region to copy it to, once it is taken. A change makes another copy; the former one stays in AWS.
        copy_to_region: String = Optional;
        /// ARN of the key that encrypts the copy, in the copy's region. An encrypted snapshot that goes to another region needs one. Alone,
        /// it makes a copy under that key in the same region.
        copy_kms_key_id: String = Optional;
        /// Tags of the snapshot and its copy.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long an apply waits. Defaults: create 3 h, update 3 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// The identifier.
        id: String = Computed.stable();
        /// ARN of the snapshot.
        arn: String = Computed.stable();
        /// Its status; `available` once it can be restored from.
        status: String = Computed;
        /// `manual`.
        snapshot_type: String = Computed.stable();
        /// Database engine, as `postgres`.
        engine: String = Computed.stable();
        /// Version of the engine. Like the following, it is known at plan when the source can be looked at.
        engine_version: String = Computed.stable();
        /// Name of the master user, which a database restored from it keeps.
        username: String = Computed.stable();
        /// Storage of the database in GiB; one restored from it has at least as much.
        allocated_storage: i64 = Computed.stable();
        /// Whether it is encrypted.
        encrypted: bool = Computed.stable();
        /// ARN of the key it is encrypted with; null when it is not.
        kms_key_id: String = Computed.stable();
        /// Identifier of the copy: the snapshot's own in another region, with `-copy` at its end in the same one; null without a copy.
        copy_identifier: String = Computed;
        /// ARN of the copy, for the `snapshot_identifier` of a `quilt_database`; null without one.
        copy_arn: String = Computed;
        /// When the copy was made; null without one. A destroy deletes the copy of this very time and no other.
        copy_created_at: String = Computed;
        /// When it was taken.
        created_at: String = Computed.stable();
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: BTreeMap<String, Value<String>> = Computed;
    }
}

/// `quilt_snapshot`.
pub struct SnapshotResource;

/// The region something is in, as far as it is said: in words, or by the stack's ARN.
fn region(state: &SnapshotState) -> Option<&str> {
    state
        .region
        .as_deref_option()
        .or_else(|| state.stack_name.as_deref_option().and_then(region_of))
}

/// The ARN in a state; empty where it is not known yet.
fn arn(state: &SnapshotState) -> &str {
    state.arn.as_deref_option().unwrap_or_default()
}

/// The identifier in a state.
fn id(state: &SnapshotState) -> Result<&str> {
    let missing = || {
        Error::config(
            AttributePath::new("id"),
            "The state has no `id`.",
            "Import the snapshot again.",
        )
    };
    state.id.as_deref_option().ok_or_else(missing)
}

/// What has the name now is another one than the state's, which was complete.
fn other(state: &SnapshotState, found: &Snapshot) -> bool {
    let complete = state.status.as_deref_option() == Some("available");
    // A state of an earlier release has no ARN yet: the time alone tells.
    complete
        && state.created_at.is_value()
        && !found.is(
            state.arn.as_deref_option().unwrap_or(&found.arn),
            state.created_at.as_deref_option(),
        )
}

/// One whose end the state has not seen is known by our mark, or by its ARN and time where the state has them.
async fn proven(take: &take::Take<'_>, state: &SnapshotState, found: &Snapshot) -> Result<bool> {
    let seen = state.status.as_deref_option() == Some("available")
        || found.is(arn(state), state.created_at.as_deref_option());
    Ok(seen || take.ours(found).await?)
}

#[async_trait]
impl Resource for SnapshotResource {
    const NAME: &'static str = "quilt_snapshot";
    type State = SnapshotState;
    type Private = ();
    const IDENTIFIED_BY: &'static [&'static str] = &["snapshot_identifier"];

    fn subject(state: &SnapshotState) -> String {
        match (
            state.snapshot_identifier.as_deref_option(),
            state.stack_name.as_deref_option().or(state.db_instance_identifier.as_deref_option()),
        ) {
            (Some(id), _) => format!("Snapshot {id}"),
            (None, Some(source)) => format!("Snapshot of {source}"),
            (None, None) => "Snapshot (name not known yet)".into(),
        }
    }

    fn arns(state: &SnapshotState) -> Vec<&Value<String>> {
        vec![&state.arn, &state.copy_arn]
    }

    fn identity(state: &SnapshotState) -> Option<Identity> {
        let id = state
            .snapshot_identifier
            .as_deref_option()
            .or(state.id.as_deref_option())
            .map(str::to_string);
        Identity::of(
            "snapshot",
            "snapshot_identifier",
            id,
            &region(state).map(str::to_string).into(),
            &state.arn,
        )
    }

    async fn meets(&self, cx: &Cx, planned: &SnapshotState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    fn validate(&self, config: &SnapshotState, d: &mut Diagnostics) {
        source::check(
            &config.stack_name,
            &config.db_instance_identifier,
            &config.snapshot_identifier,
            d,
        );
        if config.tags.as_ref_option().is_some_and(|tags| tags.contains_key(MARK)) {
            d.fail_at(
                AttributePath::new("tags").key(MARK),
                "Reserved tag",
                "The provider sets this tag to find its snapshot again.",
            );
        }
        copy::validate(config, d);
        tags::validate(&config.tags, d);
        timeouts::validate(&config.timeouts, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: SnapshotState,
        kept: &mut Kept<Self>,
    ) -> Result<SnapshotState> {
        let take = take::Take::of(
            cx,
            planned.stack_name.as_deref_option().unwrap_or_default(),
            region(&planned),
        )
        .await?;
        let source = source::find(&take.aws, &planned).await?;
        let planned = source::fill(&take, planned, &source).await?;
        let limit = timeouts::STACK.with(&planned.timeouts).create;
        let id = planned.snapshot_identifier.as_deref_option().unwrap_or_default();
        let expected = |found: &_| seen::expected(&planned, found);
        let tags = tags::to_send(&cx.settings, &planned.tags_all, &BTreeMap::new());
        let begun = take.begin(id, &source, &tags, limit, (kept.adoption(), expected)).await?;
        if begun.adopted {
            kept.adopted();
        }
        kept.keep(seen::begun(planned.clone(), begun.arn, &take.aws.region));
        let snapshot = take.available(id, limit).await?;
        kept.complete();
        let copy = copy::make(cx, &planned, &snapshot, limit).await?;
        Ok(seen::after(planned, &snapshot, copy.as_ref(), &take.aws.region))
    }

    async fn read(
        &self,
        cx: &Cx,
        state: SnapshotState,
        _private: &mut (),
    ) -> Result<Option<SnapshotState>> {
        let take = take::Take::of(cx, arn(&state), region(&state)).await?;
        let snapshot = take.find(id(&state)?).await?.filter(|s| !s.going());
        let Some(snapshot) = snapshot else { return Ok(None) };
        // One that came to the name later is none of ours: ours is gone.
        if other(&state, &snapshot) || !proven(&take, &state, &snapshot).await? {
            return Ok(None);
        }
        let mut state = seen::read(&cx.settings, state, &snapshot, &take.aws.region);
        copy::read(cx, &mut state).await?;
        Ok(Some(state))
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: SnapshotState,
        planned: SnapshotState,
        _kept: &mut Kept<Self>,
    ) -> Result<SnapshotState> {
        let take = take::Take::of(cx, arn(&prior), region(&prior)).await?;
        let limit = timeouts::STACK.with(&planned.timeouts).update;
        let snapshot = take.available(id(&prior)?, limit).await?;
        let timeless = !prior.created_at.is_value() && !take.ours(&snapshot).await?;
        if timeless || other(&prior, &snapshot) || !proven(&take, &prior, &snapshot).await? {
            return Err(take::not_ours(&snapshot));
        }
        let mut tags = tags::to_send(&cx.settings, &planned.tags_all, &snapshot.tags);
        // One that came by an import is marked from here on.
        tags.insert(MARK.into(), take.mark(&snapshot.id).await?);
        take.tag(&snapshot, tags).await?;
        let copy = copy::make(cx, &planned, &snapshot, limit).await?;
        Ok(seen::after(planned, &snapshot, copy.as_ref(), &take.aws.region))
    }

    async fn delete(&self, cx: &Cx, state: SnapshotState, kept: &mut Kept<Self>) -> Result<()> {
        let id = id(&state)?;
        if state.delete_on_destroy == Value::Value(true) {
            let (take, limit) = (
                take::Take::of(cx, arn(&state), region(&state)).await?,
                timeouts::STACK.with(&state.timeouts).delete,
            );
            copy::delete(cx, &state, limit, &mut kept.diagnostics).await?;
            let found = take.find(id).await?;
            if found.as_ref().is_some_and(|found| other(&state, found)) {
                let detail = "It has another creation time than the one of the state, which is gone. Nothing was deleted.";
                kept.diagnostics
                    .warn(format!("The snapshot {id} is somebody else's and stays"), detail);
                return Ok(());
            }
            // One whose end was not seen is known by its mark.
            return match found {
                Some(found) if !state.created_at.is_value() && !take.ours(&found).await? => {
                    Err(take::not_ours(&found))
                }
                Some(found) if !proven(&take, &state, &found).await? => Err(take::not_ours(&found)),
                Some(found) => take.delete_marked(&found, limit).await,
                None => Ok(()),
            };
        }
        // What does not say whose account it is in is not written to.
        if state.arn.is_value() {
            let take = take::Take::of(cx, arn(&state), region(&state)).await?;
            take.release(id, |found| !other(&state, found)).await?;
            copy::release(cx, &state).await?;
        }
        let how = format!(
            "`delete_on_destroy` is not set. To delete it: aws rds delete-db-snapshot --db-snapshot-identifier {id}"
        );
        let detail = how + &copy::how_to_delete(&state);
        kept.diagnostics.warn(format!("Snapshot {id} stays in AWS"), detail);
        Ok(())
    }

    async fn import(&self, cx: &Cx, id: &str, region: Option<&str>) -> Result<SnapshotState> {
        seen::import(cx, id, region).await
    }
}

#[cfg(test)]
mod tests;
