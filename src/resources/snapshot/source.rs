//! The database instance that a `quilt_snapshot` is of.

use super::SnapshotState;
use super::take::Take;
use crate::aws::Aws;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::{self, Instance};
use crate::quilt::snapshot;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// The logical id that every Quilt template which makes a database gives to it.
const LOGICAL_ID: &str = "DB";

/// Checks which database is meant, and how it and its snapshot are called: exactly one of stack and instance, and names that RDS takes.
pub fn check(
    stack: &Value<String>,
    instance: &Value<String>,
    snapshot: &Value<String>,
    d: &mut Diagnostics,
) {
    let summary = "Name a stack or a database instance";
    match (stack, instance) {
        (Value::Null, Value::Null) => d.fail(
            summary,
            "Set `stack_name` for the database of a Quilt stack, or `db_instance_identifier`.",
        ),
        (Value::Value(_), Value::Value(_)) => d.fail_at(
            AttributePath::new("db_instance_identifier"),
            summary,
            "Not both: remove one of them.",
        ),
        _ => {}
    }
    let instance = instance.as_deref_option().map(database::check_identifier);
    let snapshot = snapshot.as_deref_option().map(snapshot::check_identifier);
    for (attribute, found) in
        [("db_instance_identifier", instance), ("snapshot_identifier", snapshot)]
    {
        if let Some(Err(why)) = found {
            d.fail_at(AttributePath::new(attribute), "This identifier is not valid", why);
        }
    }
}

/// The source, which must exist.
///
/// # Errors
/// There is no such stack or instance, or the stack has no database of its own.
pub async fn find(aws: &Aws, state: &SnapshotState) -> Result<Instance> {
    let (attribute, id) = match (
        state.stack_name.as_deref_option(),
        state.db_instance_identifier.as_deref_option(),
    ) {
        (Some(stack), _) => ("stack_name", of_stack(aws, stack).await?),
        (None, id) => ("db_instance_identifier", id.unwrap_or_default().to_string()),
    };
    let fix = match attribute {
        "stack_name" => "Correct the name or `region`.",
        _ => {
            "Correct the identifier or `region`. If this same apply makes it, write `quilt_database.<its name>.db_instance_identifier`."
        }
    };
    let none = || {
        Error::config(
            AttributePath::new(attribute),
            format!("There is no database instance {id} in {}.", aws.region),
            fix,
        )
    };
    aws.databases.instance(&id).await?.ok_or_else(none)
}

/// The identifier of a stack's database.
async fn of_stack(aws: &Aws, name: &str) -> Result<String> {
    let wrong =
        |what: String, fix: &str| Error::config(AttributePath::new("stack_name"), what, fix);
    let stack = aws.stacks.find(name).await?.filter(|s| s.status.exists());
    let fix = "Correct the name or `region`. If this same apply makes it, write `quilt_stack.<its name>.id`.";
    let stack =
        stack.ok_or_else(|| wrong(format!("There is no stack {name} in {}.", aws.region), fix))?;
    let part = aws
        .stacks
        .part(&stack.id, LOGICAL_ID)
        .await?
        .filter(|part| part.kind == "AWS::RDS::DBInstance");
    let fix = "Its database lives outside of it: give `db_instance_identifier`, or the stack that makes the database.";
    let part = part.ok_or_else(|| {
        wrong(
            format!("The stack {name} makes no database: it has no instance named {LOGICAL_ID}."),
            fix,
        )
    })?;
    let unmade = || {
        wrong(
            format!("The database of the stack {name} is not made yet ({}).", stack.status),
            "Wait for the stack, then plan again.",
        )
    };
    Some(part.physical_id).filter(|id| !id.is_empty()).ok_or_else(unmade)
}

/// The same at plan; `None` where it may not be looked at, which is a warning, or where its name is not known yet.
pub async fn look(
    aws: &Aws,
    state: &SnapshotState,
    d: &mut Diagnostics,
) -> Result<Option<Instance>> {
    if state
        .stack_name
        .as_deref_option()
        .or(state.db_instance_identifier.as_deref_option())
        .is_none()
        || state.stack_name.is_unknown()
    {
        return Ok(None);
    }
    allowed(find(aws, state).await, d)
}

/// What a plan may do without: a look that is not allowed.
pub fn allowed<T>(looked: Result<T>, d: &mut Diagnostics) -> Result<Option<T>> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {
            d.warn(
                "The snapshot's source was not checked",
                format!("{e}\n\nThe apply will need this permission."),
            );
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// Names of the source and of the snapshot, where the configuration leaves them open.
pub async fn fill(
    take: &Take<'_>,
    mut state: SnapshotState,
    source: &Instance,
) -> Result<SnapshotState> {
    if !state.db_instance_identifier.is_value() {
        state.db_instance_identifier = source.id.clone().into();
    }
    if !state.snapshot_identifier.is_value() {
        let base = snapshot::identifier(&take.cx.settings.owner, source);
        state.snapshot_identifier = take.name(base).await?.into();
    }
    state.id = state.snapshot_identifier.clone();
    Ok(state)
}
