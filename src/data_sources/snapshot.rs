//! Data source `quilt_snapshot`: the newest manual snapshot of a stack's database, or of any instance.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::attributes;
use crate::aws::Aws;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::data_source::DataSource;
use crate::outcome::{Error, Result};
use crate::quilt::snapshot::Snapshot;
use crate::tf::{AttributePath, Diagnostics, Report, Value, known};

attributes! {
    /// The newest manual snapshot of a stack's own database, or of any instance, that a database can be restored from. Automatic snapshots are left out:
    /// they go away with their database. Those of an instance that is gone are found by `db_instance_identifier`.
    pub struct SnapshotLookup {
        /// Name or ARN of the stack whose own database it is of. Exactly one of this and `db_instance_identifier`.
        stack_name: String = Optional;
        /// Identifier of the instance it is of.
        db_instance_identifier: String = OptionalComputed;
        /// The region, when it is not the provider's. The ARN of a stack has its own.
        region: String = OptionalComputed;
        /// Identifier of the snapshot, for `snapshot_identifier` of a `quilt_database`.
        id: String = Computed;
        /// The same.
        snapshot_identifier: String = Computed;
        /// ARN of the snapshot.
        arn: String = Computed;
        /// When it was begun, as RFC 3339 has it.
        created_at: String = Computed;
        /// The engine, as `postgres`.
        engine: String = Computed;
        /// The engine's version.
        engine_version: String = Computed;
        /// The master user: a restored database keeps it.
        username: String = Computed;
        /// Storage in GiB: a restored database has as much or more.
        allocated_storage: i64 = Computed;
        /// Whether it is encrypted.
        encrypted: bool = Computed;
        /// The key it is encrypted with.
        kms_key_id: String = Computed;
        /// Tags of the snapshot.
        tags: BTreeMap<String, String> = Computed;
    }
}

/// Data source `quilt_snapshot`.
pub struct SnapshotSource;

/// The logical id of a stack's own database.
const DATABASE: &str = "DB";

#[async_trait]
impl DataSource for SnapshotSource {
    const NAME: &'static str = "quilt_snapshot";
    type State = SnapshotLookup;

    fn subject(config: &SnapshotLookup) -> String {
        let of =
            config.stack_name.as_deref_option().or(config.db_instance_identifier.as_deref_option());
        format!("Newest snapshot of {}", of.unwrap_or_default())
    }

    fn validate(&self, config: &SnapshotLookup, d: &mut Diagnostics) {
        let (stack, instance) = (&config.stack_name, &config.db_instance_identifier);
        let which = match (stack, instance) {
            (Value::Null, Value::Null) => "None is given.",
            (Value::Value(_), Value::Value(_)) => "Both are given.",
            _ => return,
        };
        let detail = format!("{which} Set `stack_name` or `db_instance_identifier`.");
        d.fail("A snapshot is of one database", detail);
    }

    async fn read(
        &self,
        cx: &Cx,
        config: SnapshotLookup,
        _d: &mut Diagnostics,
    ) -> Result<SnapshotLookup> {
        let region = config.region.as_deref_option();
        let (aws, at, instance) = match config.stack_name.as_deref_option() {
            Some(name) => {
                let (deploy, stack) = Deploy::named(cx, "stack_name", name, region).await?;
                let instance = own(&deploy.aws, &stack.id, name).await?;
                (deploy.aws, "stack_name", instance)
            }
            None => {
                let instance = config.db_instance_identifier.clone().unwrap_or_default();
                (cx.aws(region).await?, "db_instance_identifier", instance)
            }
        };
        let found = aws.databases.snapshots(&instance).await?.into_iter();
        let manual = found.filter(|snapshot| snapshot.kind == "manual" && snapshot.available());
        match manual.max_by(|one, other| one.created_at.cmp(&other.created_at)) {
            Some(snapshot) => Ok(told(config, snapshot, &aws.region)),
            None => {
                let what = format!("There is no manual snapshot of {instance} in {}.", aws.region);
                let fix = "Take one (a resource `quilt_snapshot`), or wait until the one that is being taken is available.";
                Err(Error::config(AttributePath::new(at), what, fix))
            }
        }
    }
}

/// The instance that a stack has itself.
async fn own(aws: &Aws, stack: &str, name: &str) -> Result<String> {
    let part = aws.stacks.part(stack, DATABASE).await?;
    let instance = part.filter(|p| p.kind == "AWS::RDS::DBInstance" && !p.physical_id.is_empty());
    instance.map(|part| part.physical_id).ok_or_else(|| {
        let what = format!("The stack {name} has no database of its own.");
        let fix = "Its database stands beside it: give that one's `db_instance_identifier`.";
        Error::config(AttributePath::new("stack_name"), what, fix)
    })
}

fn told(config: SnapshotLookup, snapshot: Snapshot, region: &str) -> SnapshotLookup {
    SnapshotLookup {
        stack_name: config.stack_name,
        db_instance_identifier: known(snapshot.instance),
        region: known(region),
        id: known(snapshot.id.clone()),
        snapshot_identifier: known(snapshot.id),
        arn: known(snapshot.arn),
        created_at: snapshot.created_at.into(),
        engine: known(snapshot.facts.engine),
        engine_version: known(snapshot.facts.engine_version),
        username: known(snapshot.facts.username),
        allocated_storage: snapshot.facts.allocated_storage.into(),
        encrypted: snapshot.facts.encrypted.into(),
        kms_key_id: snapshot.facts.kms_key_id.into(),
        tags: snapshot.tags.into(),
    }
}

#[cfg(test)]
mod tests;
