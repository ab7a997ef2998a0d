//! What can be said about a `quilt_database` offline.

use super::DatabaseState;
use crate::cloudformation::arn::Arn;
use crate::quilt::database::ENGINE_VERSION;
use crate::quilt::{names, snapshot};
use crate::resources::place;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration. What is not known is not checked.
pub fn validate(config: &DatabaseState, d: &mut Diagnostics) {
    let one_of = |value: &Value<String>, words: &[&str]| match value.as_deref_option() {
        Some(word) if !words.contains(&word) => {
            Err(format!("It is `{word}`. Write one of: {}.", words.join(", ")))
        }
        _ => Ok(()),
    };
    let between = |value: Value<i64>, least: i64, most: i64| match value {
        Value::Value(n) if !(least..=most).contains(&n) => {
            Err(format!("It is {n}. Write {least} to {most}."))
        }
        _ => Ok(()),
    };
    let class = config.instance_class.as_deref_option().filter(|class| !class.starts_with("db."));
    let found = [
        ("name", config.name.as_deref_option().map_or(Ok(()), names::check_object_name)),
        (
            "instance_class",
            class.map_or(Ok(()), |class| {
                Err(format!("`{class}` is not a class of RDS. Write one such as `db.t3.small`."))
            }),
        ),
        ("engine_version", engine(config)),
        ("storage_type", one_of(&config.storage_type, &["gp2", "gp3"])),
        ("network_type", one_of(&config.network_type, &["DUAL", "IPV4"])),
        ("backup_retention_days", between(config.backup_retention_days, 1, 35)),
        ("allocated_storage", between(config.allocated_storage, 20, 65536)),
        ("snapshot_identifier", snapshot_identifier(config)),
        ("kms_key_id", key(config)),
        ("network", network(config)),
    ];
    for (attribute, found) in found {
        if let Err(why) = found {
            d.fail_at(AttributePath::new(attribute), "This value is not valid", why);
        }
    }
}

fn snapshot_identifier(config: &DatabaseState) -> Result<(), String> {
    if config.snapshot_identifier.is_value() && config.snapshot.is_value() {
        return Err("Give `snapshot_identifier` or `snapshot`, not both.".into());
    }
    match config.snapshot_identifier.as_deref_option() {
        Some(id) if Arn::of(id).is_none() || id.contains(":cluster-snapshot:") => {
            snapshot::check_identifier(id)
        }
        _ => Ok(()),
    }
}

fn engine(config: &DatabaseState) -> Result<(), String> {
    let numbers = |version: &str| {
        version.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    match config.engine_version.as_deref_option() {
        Some(version) if !numbers(version) => Err(format!(
            "`{version}` is not a version of PostgreSQL. Write its number, as `{ENGINE_VERSION}`, or leave it out for that one."
        )),
        _ => Ok(()),
    }
}

fn key(config: &DatabaseState) -> Result<(), String> {
    let restored = config.snapshot_identifier.is_value() || config.snapshot.is_value();
    if restored && config.kms_key_id.is_value() {
        return Err("A restored database has its snapshot's key. For another one, copy the snapshot with that key \
                    (`aws rds copy-db-snapshot --kms-key-id`) and restore from the copy."
            .into());
    }
    match config.kms_key_id.as_deref_option() {
        Some(key) if !Arn::of(key).is_some_and(|arn| arn.is_key()) => Err(format!(
            "`{key}` is not the ARN of a key. Write it as `arn:aws:kms:<region>:<account>:key/<id>`; an alias is not taken."
        )),
        _ => Ok(()),
    }
}

fn network(config: &DatabaseState) -> Result<(), String> {
    let Value::Value(network) = &config.network else { return Ok(()) };
    place::check((&network.vpc_id, &network.intra_subnet_ids), 2)
}
