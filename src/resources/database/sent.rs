//! What a `quilt_database` sends to its stack.

use super::DatabaseState;
use crate::resources::place;
use crate::resources::small_stack::Parameters;
use crate::tf::Value;

/// All that a creation sends.
pub fn all(planned: &DatabaseState, encrypted: bool) -> Parameters {
    let mut parameters = changeable(planned);
    let network = planned.network.as_ref_option().cloned().unwrap_or_default();
    let word = |value: &Value<String>| value.as_ref_option().cloned().unwrap_or_default();
    parameters.extend([
        ("Vpc".to_string(), word(&network.vpc_id)),
        ("Subnets".into(), place::joined(&network.intra_subnet_ids)),
        ("KmsKeyId".into(), word(&planned.kms_key_id)),
        ("SnapshotIdentifier".into(), word(&planned.snapshot_identifier)),
        ("StorageEncrypted".into(), encrypted.to_string()),
        ("Username".into(), word(&planned.username)),
    ]);
    parameters
}

/// Parameters that may change without the instance being replaced.
pub fn changeable(planned: &DatabaseState) -> Parameters {
    let word = |value: &Value<String>| value.as_ref_option().cloned();
    let number = |value: &Value<i64>| value.as_ref_option().map(ToString::to_string);
    let flag = |value: &Value<bool>| value.as_ref_option().map(ToString::to_string);
    let all = [
        ("InstanceClass", word(&planned.instance_class)),
        ("MultiAz", flag(&planned.multi_az)),
        ("EngineVersion", word(&planned.engine_version)),
        ("AllocatedStorage", number(&planned.allocated_storage)),
        ("StorageType", word(&planned.storage_type)),
        ("NetworkType", word(&planned.network_type)),
        ("BackupRetentionDays", number(&planned.backup_retention_days)),
        ("DeletionProtection", flag(&planned.enable_deletion_protection)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect()
}
