//! What a `quilt_database` is restored from, and what follows from it: user, engine, storage, encryption.

use super::{DatabaseSnapshot, DatabaseState};
use crate::aws::Aws;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::{self, DATABASE_NAME, Facts, STORAGE, Subject, USERNAME};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// What is known of the source of a creation.
pub enum Source {
    /// None: the database is new.
    New,
    /// A snapshot, of which this is known.
    Of(Facts),
    /// A snapshot of which nothing is known yet.
    Later,
}

/// The attribute that names the source.
fn attribute(state: &DatabaseState) -> AttributePath {
    AttributePath::new(if state.snapshot.is_null() { "snapshot_identifier" } else { "snapshot" })
}

/// The source as the plan knows it.
///
/// # Errors
/// There is no such snapshot, or nothing can be restored from it.
pub async fn at_plan(
    aws: Option<&Aws>,
    config: &DatabaseState,
    d: &mut Diagnostics,
) -> Result<Source> {
    match (&config.snapshot, &config.snapshot_identifier, aws) {
        (Value::Value(snapshot), ..) => Ok(planned(snapshot)),
        (Value::Null, Value::Null, _) => Ok(Source::New),
        (Value::Null, Value::Value(id), Some(aws)) => match found(aws, config, id).await {
            Ok(facts) => Ok(Source::Of(facts)),
            Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {
                d.warn(
                    "The snapshot was not checked",
                    format!("{e}\n\nThe apply will need this permission."),
                );
                Ok(Source::Later)
            }
            Err(e) => Err(e),
        },
        _ => Ok(Source::Later),
    }
}

/// What a whole `quilt_snapshot` says of itself at plan.
fn planned(snapshot: &DatabaseSnapshot) -> Source {
    let facts = || {
        Some(Facts {
            engine: snapshot.engine.as_deref_option()?.into(),
            engine_version: snapshot.engine_version.as_deref_option()?.into(),
            username: snapshot.username.as_deref_option()?.into(),
            allocated_storage: *snapshot.allocated_storage.as_ref_option()?,
            encrypted: *snapshot.encrypted.as_ref_option()?,
            kms_key_id: None,
        })
    };
    facts().map_or(Source::Later, Source::Of)
}

/// The snapshot in AWS.
async fn found(aws: &Aws, state: &DatabaseState, id: &str) -> Result<Facts> {
    let wrong = |what: String, fix: &str| Error::config(attribute(state), what, fix);
    let fix = "Correct the identifier or `region`; a snapshot that this same apply takes is given as `snapshot`.";
    let snapshot = aws
        .databases
        .snapshot(id)
        .await?
        .ok_or_else(|| wrong(format!("There is no snapshot {id} in {}.", aws.region), fix))?;
    if snapshot.failed() {
        return Err(wrong(
            format!("Nothing can be restored from the snapshot {id}: it is {}.", snapshot.status),
            "Name another one.",
        ));
    }
    Ok(snapshot.facts)
}

/// What follows from the source, and whether the database can be made from it.
///
/// # Errors
/// An engine that is not PostgreSQL, a version that cannot be reached, a storage that is too small.
pub async fn follow(aws: Option<&Aws>, planned: &mut DatabaseState, source: &Source) -> Result<()> {
    let facts = match source {
        Source::Later => return Ok(()),
        Source::Of(facts) => Some(facts),
        Source::New => None,
    };
    let or = |slot: &mut Value<String>, text: String| {
        if !slot.is_value() {
            *slot = text.into();
        }
    };
    or(
        &mut planned.engine_version,
        database::engine_version(facts.map(|f| f.engine_version.as_str())),
    );
    planned.username = facts.map_or(USERNAME, |f| &f.username).to_string().into();
    let Some(facts) = facts else {
        planned.database_name = DATABASE_NAME.to_string().into();
        fill_storage(planned, STORAGE);
        return Ok(());
    };
    fill_storage(planned, facts.allocated_storage.max(STORAGE));
    let wrong = |at: AttributePath, what: &str, why: String| Err(Error::config(at, what, why));
    if facts.engine != "postgres" {
        return wrong(
            attribute(planned),
            "This snapshot holds no PostgreSQL database.",
            match facts.engine.starts_with("aurora") {
                true => format!(
                    "It is of an Aurora cluster ({}), and Quilt's database is an instance of RDS for PostgreSQL. Move the data with `pg_dump` and `pg_restore`.",
                    facts.engine
                ),
                false => format!("Its engine is {}. Name another one.", facts.engine),
            },
        );
    }
    if planned.allocated_storage.as_ref_option().is_some_and(|n| *n < facts.allocated_storage) {
        let why = format!("Write {} or more, or leave it out.", facts.allocated_storage);
        return wrong(
            AttributePath::new("allocated_storage"),
            "The snapshot needs more storage.",
            why,
        );
    }
    let Some(aws) = aws else { return Ok(()) };
    let targets = aws.databases.upgrades(&facts.engine_version).await?;
    let to = planned.engine_version.as_deref_option().unwrap_or_default();
    let path = database::check_engine_path(Subject::Snapshot, &facts.engine_version, to, &targets);
    path.map_err(|why| {
        Error::config(
            AttributePath::new("engine_version"),
            "The snapshot's engine cannot become this version.",
            why,
        )
    })
}

fn fill_storage(planned: &mut DatabaseState, storage: i64) {
    if !planned.allocated_storage.is_value() {
        planned.allocated_storage = storage.into();
    }
}

/// The last look before the creation: what the plan did not know, and what may have changed since; and whether the storage is encrypted.
pub async fn before_create(aws: &Aws, mut planned: DatabaseState) -> Result<(DatabaseState, bool)> {
    if let Value::Value(snapshot) = &planned.snapshot {
        planned.snapshot_identifier = snapshot.id.clone();
    }
    let source = match planned.snapshot_identifier.as_deref_option() {
        Some(id) => Source::Of(found(aws, &planned, id).await?),
        None => Source::New,
    };
    let before = planned.username.clone();
    match follow(Some(aws), &mut planned, &source).await {
        // The plan has said that this is not looked at.
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {}
        followed => followed?,
    }
    if before.is_value() && before != planned.username {
        return Err(Error::config(
            attribute(&planned),
            "The snapshot is not the one that was planned with.",
            "Nothing was done. Plan again.",
        ));
    }
    // A restored database is as encrypted as its snapshot.
    let encrypted = matches!(&source, Source::New | Source::Of(Facts { encrypted: true, .. }));
    Ok((planned, encrypted))
}
