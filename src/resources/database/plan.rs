//! The plan of a `quilt_database`: what can be restored is checked ahead, and nothing ever replaces the instance.

use super::{DatabaseResource, DatabaseState, source, text};
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::{self, Subject};
use crate::quilt::templates::Templates;
use crate::resources::{inside, place, standing, tags};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(
    cx: &Cx,
    templates: Templates,
    draft: &mut Draft<DatabaseResource>,
    d: &mut Diagnostics,
) -> Result<()> {
    draft.planned.tags_all = tags::of_stack(&cx.settings, &draft.planned.tags, d);
    let version = draft.prior.as_ref().map(|prior| &prior.template_version);
    inside::plan(
        templates,
        &mut draft.planned.template_version,
        &draft.config.template_version,
        version,
        d,
    );
    let Some(prior) = draft.prior.clone() else { return creation(cx, draft, d).await };
    let status = Status::from(text(&prior.status).unwrap_or_default());
    if status == Status::DeleteFailed && matches!(prior.db_instance_identifier, Value::Value(_)) {
        return half_deleted(draft, &prior, &status, d);
    }
    if standing::stuck(&status, false) {
        standing::replaced(&DatabaseResource::subject(&prior), &status, d);
        draft.planned.id = Value::Unknown;
        draft.replace.push(AttributePath::new("id"));
    }
    if !draft.replace.is_empty() {
        return Ok(());
    }
    if let Value::Value(network) = &prior.network {
        super::inside(&prior).stays(
            cx,
            DatabaseResource::subject(&prior),
            (&network.vpc_id, &network.intra_subnet_ids),
            d,
        );
    }
    refuse(&prior, &draft.config, d);
    used_once(&prior, draft, d);
    engine_path(cx, &prior, &draft.planned, d).await?;
    update(&mut draft.planned, &prior, &status);
    if !status.settled() {
        standing::resumes(&DatabaseResource::subject(&prior), &status, d);
    }
    if draft.planned == prior { Ok(()) } else { standing::updatable(&status, false) }
}

/// Plans for a database whose deletion failed: CloudFormation allows nothing but the next one, and it is never made anew unasked.
fn half_deleted(
    draft: &mut Draft<DatabaseResource>,
    prior: &DatabaseState,
    status: &Status,
    d: &mut Diagnostics,
) -> Result<()> {
    let what = "The deletion of its stack was begun and failed (DELETE_FAILED); the instance may still be there, with its data.";
    let fix = "To finish: `terraform destroy -target=<its address>`, after a manual snapshot of the instance if the data matters.";
    draft.planned.snapshot_identifier = prior.snapshot_identifier.clone();
    update(&mut draft.planned, prior, status);
    if draft.planned != *prior {
        return Err(Error::config(
            AttributePath::new("name"),
            format!("{what} It cannot be changed any more."),
            fix,
        ));
    }
    d.warn(
        format!("{} is half deleted", DatabaseResource::subject(prior)),
        format!("{what} {fix}"),
    );
    Ok(())
}

async fn creation(cx: &Cx, draft: &mut Draft<DatabaseResource>, d: &mut Diagnostics) -> Result<()> {
    let aws = match draft.config.region {
        Value::Unknown => None,
        _ => cx.aws_if_known(text(&draft.config.region)).await?,
    };
    let planned = &mut draft.planned;
    if let (Some(aws), Value::Unknown) = (&aws, &planned.region) {
        planned.region = aws.region.clone().into();
    }
    if matches!(draft.config.network_type, Value::Null) {
        planned.network_type = match planned.network.as_ref_option().map(|n| &n.ipv6) {
            Some(Value::Value(true)) => "DUAL".to_string().into(),
            Some(Value::Value(false) | Value::Null) => "IPV4".to_string().into(),
            _ => Value::Unknown,
        };
    }
    if matches!(draft.config.snapshot_identifier, Value::Null) {
        planned.snapshot_identifier = match &draft.config.snapshot {
            Value::Value(snapshot) => snapshot.id.clone(),
            Value::Null => Value::Null,
            Value::Unknown => Value::Unknown,
        };
    }
    let source = source::at_plan(aws.as_deref(), &draft.config, d).await?;
    bearable(source::follow(aws.as_deref(), planned, &source).await, d)
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
    let moved = match (prior.network.as_ref_option(), config.network.as_ref_option()) {
        (Some(before), Some(now)) => place::elsewhere(
            (&before.vpc_id, &before.intra_subnet_ids),
            (&now.vpc_id, &now.intra_subnet_ids),
        ),
        _ => false,
    };
    if moved {
        let detail = "It would be replaced by an empty one. For a move, take a `quilt_snapshot` of it and restore that as a second `quilt_database` in the other network.";
        d.fail_at(AttributePath::new("network"), "A database does not change its network", detail);
    }
    if let Value::Value(now) = &config.kms_key_id
        && text(&prior.kms_key_id) != Some(now)
    {
        let back = text(&prior.kms_key_id)
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
    let runs = text(&prior.engine_version_actual).or(text(&prior.engine_version));
    let (Some(from), Some(to)) = (runs, text(&planned.engine_version)) else { return Ok(()) };
    if prior.engine_version == planned.engine_version {
        return Ok(());
    }
    let Some(aws) = cx.aws_if_known(text(&prior.region)).await? else { return Ok(()) };
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
fn used_once(prior: &DatabaseState, draft: &mut Draft<DatabaseResource>, d: &mut Diagnostics) {
    let used = text(&prior.snapshot_identifier);
    let said = match &draft.config.snapshot {
        Value::Value(snapshot) => ("snapshot", text(&snapshot.id)),
        _ => ("snapshot_identifier", text(&draft.config.snapshot_identifier)),
    };
    let none = matches!(
        (&draft.config.snapshot, &draft.config.snapshot_identifier),
        (Value::Null, Value::Null)
    );
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
    draft.planned.snapshot_identifier = prior.snapshot_identifier.clone();
}

fn update(planned: &mut DatabaseState, prior: &DatabaseState, status: &Status) {
    for (slot, before) in [
        (&mut planned.arn, &prior.arn),
        (&mut planned.db_instance_identifier, &prior.db_instance_identifier),
        (&mut planned.endpoint, &prior.endpoint),
        (&mut planned.database_name, &prior.database_name),
        (&mut planned.password_secret_arn, &prior.password_secret_arn),
        (&mut planned.accessor_security_group_id, &prior.accessor_security_group_id),
        (&mut planned.kms_key_id, &prior.kms_key_id),
    ] {
        // What a creation that was stopped has not given yet.
        if matches!(before, Value::Null) && !status.settled() {
            *slot = Value::Unknown;
        }
    }
    if matches!(prior.port, Value::Null) {
        planned.port = Value::Unknown;
    }
    let (now, actual) = (Value::Unknown, Value::Unknown);
    let same = DatabaseState {
        status: prior.status.clone(),
        engine_version_actual: prior.engine_version_actual.clone(),
        ..planned.clone()
    };
    (planned.status, planned.engine_version_actual) = match same == *prior && status.settled() {
        true => (prior.status.clone(), prior.engine_version_actual.clone()),
        false => (now, actual),
    };
}
