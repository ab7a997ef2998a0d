//! What AWS says of a database, as state: after an apply, at a refresh, at an import.

use super::{DatabaseNetwork, DatabaseState};
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cx::{Cx, Settings};
use crate::deploy::{Deploy, name_of, region_of};
use crate::outcome::{Error, Result};
use crate::quilt::database::{self, Made};
use crate::resources::{inside, place, tags};
use crate::tf::{AttributePath, Value};

/// A creation that has begun.
pub fn begun(planned: DatabaseState, id: &str, region: &str) -> DatabaseState {
    let status = Status::CreateInProgress.to_string().into();
    DatabaseState {
        id: id.to_string().into(),
        region: region.to_string().into(),
        status,
        ..planned
    }
}

/// The state after an apply: what was planned, and what AWS made of it.
pub async fn after(aws: &Aws, planned: DatabaseState, stack: &Stack) -> Result<DatabaseState> {
    let mut state = planned;
    made(aws, &mut state, stack).await?;
    Ok(state)
}

/// The state at a refresh.
pub async fn read(
    settings: &Settings,
    aws: &Aws,
    mut state: DatabaseState,
    stack: &Stack,
) -> Result<DatabaseState> {
    made(aws, &mut state, stack).await?;
    given(&mut state, stack);
    (state.tags, state.tags_all) = tags::seen(settings, &stack.tags, &state.tags);
    Ok(state)
}

/// The state of a database that Terraform does not know yet: by its name, its stack's name or its stack's ARN.
pub async fn import(cx: &Cx, id: &str) -> Result<DatabaseState> {
    let deploy = Deploy::of(cx, id, None).await?;
    let found = deploy.find_named([&database::stack_name(id), id]).await?;
    let wrong = |what: String, fix: &str| Error::config(AttributePath::root(), what, fix);
    let fix = "Give the database's name, or the ARN of its stack when it is in another region.";
    let stack = found.ok_or_else(|| {
        wrong(format!("There is no database {id} in {}.", deploy.aws.region), fix)
    })?;
    let name = database::name_of(name_of(&stack.id))
        .filter(|_| stack.parameters.contains_key("SnapshotIdentifier"));
    let name = name.ok_or_else(|| {
        wrong(format!("The stack {} is not a Quilt database's.", stack.name), fix)
    })?;
    let mut state = DatabaseState { name: name.to_string().into(), ..DatabaseState::default() };
    made(&deploy.aws, &mut state, &stack).await?;
    given(&mut state, &stack);
    Ok(state)
}

/// What AWS made of the settings. What is not made yet stays as it is.
async fn made(aws: &Aws, state: &mut DatabaseState, stack: &Stack) -> Result<()> {
    state.id = stack.id.clone().into();
    state.region = region_of(&stack.id).map(str::to_string).into();
    state.status = stack.status.to_string().into();
    if let Some(version) = inside::version(stack) {
        state.template_version = version.into();
    }
    let Some(made) = Made::of(&stack.outputs) else { return Ok(()) };
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
fn given(state: &mut DatabaseState, stack: &Stack) {
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
    if !matches!(state.network, Value::Value(_)) {
        let (vpc_id, intra_subnet_ids) = place::of(stack);
        state.network = DatabaseNetwork { vpc_id, intra_subnet_ids, ipv6: Value::Null }.into();
    }
}
