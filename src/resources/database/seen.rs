//! What AWS says of a database, as state.

use super::{DatabaseNetwork, DatabaseState};
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::outcome::Result;
use crate::quilt::database::DatabaseOutputs;
use crate::resources::place;
use crate::tf::Value;

/// What AWS made of the settings. What is not made yet stays as it is.
pub async fn outputs(aws: &Aws, state: &mut DatabaseState, stack: &Stack) -> Result<()> {
    let Some(made) = DatabaseOutputs::of(&stack.outputs) else { return Ok(()) };
    state.arn = made.arn.into();
    state.endpoint = made.endpoint.into();
    state.port = made.port.into();
    state.password_secret_arn = made.secret.into();
    state.accessor_security_group_id = made.accessor_group.into();
    if let Some(instance) = aws.databases.instance(&made.instance).await? {
        state.username = instance.facts.username.into();
        state.database_name = instance.database_name.into();
        state.engine_version_actual = instance.facts.engine_version.into();
        state.kms_key_id = instance.facts.kms_key_id.into();
    }
    state.db_instance_identifier = made.instance.into();
    Ok(())
}

/// The settings a stack was made with.
pub fn settings(state: &mut DatabaseState, stack: &Stack) {
    let word = |name: &str| -> Value<String> {
        stack.parameters.get(name).filter(|v| !v.is_empty()).cloned().into()
    };
    let number = |name: &str| -> Value<i64> {
        stack.parameters.get(name).and_then(|v| v.parse().ok()).into()
    };
    let flag =
        |name: &str| -> Value<bool> { stack.parameters.get(name).map(|v| v == "true").into() };
    state.snapshot_identifier = word("SnapshotIdentifier");
    state.instance_class = word("InstanceClass");
    state.multi_az = flag("MultiAz");
    state.engine_version = word("EngineVersion");
    state.allocated_storage = number("AllocatedStorage");
    state.storage_type = word("StorageType");
    state.network_type = word("NetworkType");
    state.backup_retention_days = number("BackupRetentionDays");
    state.enable_deletion_protection = flag("DeletionProtection");
    if !state.network.is_value() {
        let (vpc_id, intra_subnet_ids) = place::of(stack);
        state.network = DatabaseNetwork { vpc_id, intra_subnet_ids, ipv6: Value::Null }.into();
    }
}
