//! The plan of a `quilt_database`: what can be restored is checked ahead, and nothing ever replaces the instance.

use super::{DatabaseState, intent, source};
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::outcome::{AwsErrorKind, Result};
use crate::preflight::at_plan;
use crate::quilt::database::{self, Subject};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refuses what cannot become so at an update.
pub async fn update(
    cx: &Cx,
    planned: &DatabaseState,
    prior: &DatabaseState,
    config: &DatabaseState,
    d: &mut Diagnostics,
) -> Result<()> {
    refuse(prior, config, d);
    used_once(prior, config, d);
    engine_path(cx, prior, planned, d).await?;
    let intent = intent::update(prior, planned);
    if intent.instance.is_some()
        && !d.failed()
        && let Some(aws) = cx.aws_if_known(prior.region.as_deref_option()).await?
    {
        at_plan(cx, &aws, &intent, AttributePath::new, d).await;
    }
    Ok(())
}

/// A database whose deletion failed: CloudFormation allows nothing but the next one, and it is never made anew unasked.
pub fn half_deleted(
    prior: &DatabaseState,
    status: &Status,
) -> Option<(&'static str, &'static str)> {
    (*status == Status::DeleteFailed && prior.db_instance_identifier.is_value()).then_some((
        "The deletion of its stack was begun and failed (DELETE_FAILED); the instance may still be there, with its data.",
        "To finish: `terraform destroy -target=<its address>`, after a manual snapshot of the instance if the data matters.",
    ))
}

/// Plans a creation: what is open follows from what it is restored from.
pub async fn creation(
    cx: &Cx,
    planned: &mut DatabaseState,
    config: &DatabaseState,
    d: &mut Diagnostics,
) -> Result<()> {
    let aws = match &config.region {
        Value::Unknown => None,
        region => cx.aws_if_known(region.as_deref_option()).await?,
    };
    if config.network_type.is_null() {
        planned.network_type = match planned.network.as_ref_option().map(|n| &n.ipv6) {
            Some(Value::Value(true)) => "DUAL".to_string().into(),
            Some(Value::Value(false) | Value::Null) => "IPV4".to_string().into(),
            _ => Value::Unknown,
        };
    }
    if config.snapshot_identifier.is_null() {
        planned.snapshot_identifier = match &config.snapshot {
            Value::Value(snapshot) => snapshot.id.clone(),
            Value::Null => Value::Null,
            Value::Unknown => Value::Unknown,
        };
    }
    let source = source::at_plan(aws.as_deref(), config, d).await?;
    bearable(source::follow(aws.as_deref(), planned, &source).await, d)?;
    if let Some(aws) = &aws {
        at_plan(cx, aws, &intent::creation(planned, &source), AttributePath::new, d).await;
    }
    Ok(())
}

/// The way to another version that may not be looked at is no reason to refuse a plan.
fn bearable(checked: Result<()>, d: &mut Diagnostics) -> Result<()> {
    match checked {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {
            let detail =
                format!("{e}\n\nThe apply goes without it; AWS then says what it refuses.");
            d.warn("The way to another engine version was not checked", detail);
            Ok(())
        }
        checked => checked,
    }
}

/// Refuses what would replace the instance, or what RDS cannot do.
fn refuse(prior: &DatabaseState, config: &DatabaseState, d: &mut Diagnostics) {
    if let Value::Value(now) = &config.kms_key_id
        && prior.kms_key_id.as_deref_option() != Some(now)
    {
        let back = prior
            .kms_key_id
            .as_deref_option()
            .map_or("Leave it out".to_string(), |before| format!("Write {before:?} again"));
        let detail = format!(
            "It would be replaced by an empty one. {back}, or restore a copy of a snapshot that has the other key."
        );
        d.fail_at(AttributePath::new("kms_key_id"), "A database does not change its key", detail);
    }
    if let (Value::Value(before), Value::Value(now)) =
        (prior.allocated_storage, config.allocated_storage)
        && now < before
    {
        d.fail_at(
            AttributePath::new("allocated_storage"),
            "Storage only grows",
            format!("It has {before} GiB. Write that or more."),
        );
    }
}

/// Refuses a version that RDS would not bring the engine to.
async fn engine_path(
    cx: &Cx,
    prior: &DatabaseState,
    planned: &DatabaseState,
    d: &mut Diagnostics,
) -> Result<()> {
    let runs =
        prior.engine_version_actual.as_deref_option().or(prior.engine_version.as_deref_option());
    let (Some(from), Some(to)) = (runs, planned.engine_version.as_deref_option()) else {
        return Ok(());
    };
    if prior.engine_version == planned.engine_version {
        return Ok(());
    }
    let Some(aws) = cx.aws_if_known(prior.region.as_deref_option()).await? else { return Ok(()) };
    match aws.databases.upgrades(from).await {
        Ok(targets) => {
            if let Err(why) = database::check_engine_path(Subject::Database, from, to, &targets) {
                d.fail_at(
                    AttributePath::new("engine_version"),
                    "The engine cannot become this version",
                    why,
                );
            }
            Ok(())
        }
        Err(e) => bearable(Err(e), d),
    }
}

/// A snapshot is used once: what is said of it later is warned about and has no effect.
fn used_once(prior: &DatabaseState, config: &DatabaseState, d: &mut Diagnostics) {
    let used = prior.snapshot_identifier.as_deref_option();
    let said = match &config.snapshot {
        Value::Value(snapshot) => ("snapshot", snapshot.id.as_deref_option()),
        _ => ("snapshot_identifier", config.snapshot_identifier.as_deref_option()),
    };
    let none =
        matches!((&config.snapshot, &config.snapshot_identifier), (Value::Null, Value::Null));
    match (used, said) {
        (Some(used), (attribute, Some(now))) if now != used => {
            let detail = format!(
                "It was restored from {used}; {now} is ignored. For a database with that content, add a second `quilt_database`."
            );
            d.warn_at(
                AttributePath::new(attribute),
                "The database exists, and keeps its data",
                detail,
            );
        }
        (Some(used), (attribute, None)) if none => {
            let detail = format!(
                "It was restored from {used}. That this is not written any more changes nothing."
            );
            d.warn_at(AttributePath::new(attribute), "The database keeps its data", detail);
        }
        (None, (attribute, Some(_))) => {
            let detail = "It was made empty, and a snapshot would replace it. Remove this, or add a second `quilt_database` that is restored from it.";
            d.fail_at(AttributePath::new(attribute), "The database exists already", detail);
        }
        _ => {}
    }
}
