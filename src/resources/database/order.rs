//! What is asked of CloudFormation for a `quilt_database`: its creation, and an update if one is needed at all.

use std::collections::BTreeMap;

use super::{DatabaseState, text};
use crate::cloudformation::stack::{Order, Parameter, Stack, Template};
use crate::cx::Settings;
use crate::outcome::Result;
use crate::quilt::database::{self, KEPT};
use crate::quilt::templates::{self, Templates};
use crate::resources::{inside, tags};
use crate::tf::Value;

/// The order for a creation.
pub fn creation(
    settings: &Settings,
    templates: Templates,
    planned: &DatabaseState,
    encrypted: bool,
) -> Result<Order> {
    let mut parameters = changeable(planned);
    let network = planned.network.as_ref_option().cloned().unwrap_or_default();
    let subnets: Vec<_> =
        network.intra_subnet_ids.as_ref_option().into_iter().flatten().filter_map(text).collect();
    let word = |value: &Value<String>| text(value).unwrap_or_default().to_string();
    parameters.extend([
        ("Vpc".to_string(), word(&network.vpc_id)),
        ("Subnets".into(), subnets.join(",")),
        ("KmsKeyId".into(), word(&planned.kms_key_id)),
        ("SnapshotIdentifier".into(), word(&planned.snapshot_identifier)),
        ("StorageEncrypted".into(), encrypted.to_string()),
        ("Username".into(), word(&planned.username)),
    ]);
    Ok(Order {
        name: database::stack_name(text(&planned.name).unwrap_or_default()),
        template: Template::Body(inside::text(templates, &planned.template_version)?.into()),
        parameters: parameters
            .into_iter()
            .map(|(name, value)| (name, Parameter::Value(value)))
            .collect(),
        tags: Some(tags::to_send(settings, &planned.tags_all, &BTreeMap::new())),
        ..Order::default()
    })
}

/// The order for an update of the stack as it is now; `None`: it is as it should be.
pub fn update(
    settings: &Settings,
    templates: Templates,
    planned: &DatabaseState,
    live: &Stack,
) -> Result<Option<Order>> {
    let template = inside::other(templates, &planned.template_version, live)?;
    let changes = templates::changes(&changeable(planned), &live.parameters, &KEPT, template);
    Ok(inside::update(settings, &planned.tags_all, live, template, changes))
}

/// Parameters that may change without the instance being replaced.
fn changeable(planned: &DatabaseState) -> BTreeMap<String, String> {
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
