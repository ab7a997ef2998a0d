//! The database instance that a `quilt_snapshot` is of.

use super::SnapshotState;
use super::take::Take;
use crate::aws::Aws;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::Instance;
use crate::quilt::snapshot;
use crate::tf::{AttributePath, Diagnostics, Report};

/// The logical id that every Quilt template which makes a database gives to it.
const LOGICAL_ID: &str = "DB";

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
    let fix = "Correct the name or `region`. If it is made by this same apply, name it by an attribute that is known only then, as the `id` of a `quilt_stack`.";
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
    let fix =
        "Correct the name or `region`. If it is made by this same apply, give its `id` instead.";
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
