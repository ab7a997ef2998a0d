//! A `quilt_stack` that is stuck, half deleted or not rolled back: what its plan says, and what people's words ask for.

use std::time::Duration;

use super::foreseen::Operation;
use super::order::set;
use super::plan::Touched;
use super::{StackResource, StackState, id};
use crate::cloudformation::stack::Removal;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::deploy::explain::named;
use crate::deploy::protection::{OF_STACK, Shield};
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{Error, Result};
use crate::resources::protection;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

fn is(value: &Value<String>, word: &str) -> bool {
    value.as_ref_option().is_some_and(|v| v == word)
}

/// A rollback that failed is to be continued.
pub fn continues(state: &StackState) -> bool {
    is(&state.on_rollback_failed, "continue")
}

/// The change is one of words that are kept until they are needed: nothing is asked of AWS.
pub fn only_words(prior: &StackState, planned: &StackState) -> bool {
    let words = StackState {
        on_rollback_failed: planned.on_rollback_failed.clone(),
        rollback_resources_to_skip: planned.rollback_resources_to_skip.clone(),
        retain_resources: planned.retain_resources.clone(),
        deletion_mode: planned.deletion_mode.clone(),
        empty_buckets: planned.empty_buckets,
        allow_version_skip: planned.allow_version_skip,
        preview: planned.preview,
        allow_replacement: planned.allow_replacement.clone(),
        timeouts: planned.timeouts.clone(),
        // Sent with another version alone.
        parameters_wo: planned.parameters_wo.clone(),
        ..prior.clone()
    };
    *planned == words
}

/// Lets CloudFormation go on with a rollback that failed, where that is wanted.
pub async fn unblock(
    deploy: &Deploy<'_>,
    id: &str,
    planned: &StackState,
    limit: Duration,
) -> Result<()> {
    if !continues(planned) {
        return Ok(());
    }
    let role = planned.iam_role_arn.as_ref_option().map(String::as_str);
    deploy.continue_rollback(id, &set(&planned.rollback_resources_to_skip), role, limit).await
}

/// How the stack is deleted.
pub fn removal(state: &StackState) -> Removal {
    Removal {
        role: state.iam_role_arn.as_ref_option().cloned(),
        retain: set(&state.retain_resources),
        force: is(&state.deletion_mode, "FORCE_DELETE_STACK"),
        empty_buckets: state.empty_buckets == Value::Value(true),
        worded: true,
        argument: Some(OF_STACK),
        shared: false,
    }
}

/// Refuses to plan the deletion of a stack that is protected, or that holds a protected database.
pub async fn protected(cx: &Cx, state: &StackState, d: &mut Diagnostics) -> Result<()> {
    let known = |value: &Value<String>| value.as_ref_option().cloned().unwrap_or_default();
    let removal = removal(state);
    let said = state.enable_termination_protection == Value::Value(true);
    let said = said.then(|| Shield::of_stack(&known(&state.name), &known(&state.region), &removal));
    let looked =
        async { StackResource::deploy(cx, state).await?.shield(&id(state)?, &removal).await };
    protection::deletion(looked.await, said, d)
}

/// Plans for a stack whose deletion failed: CloudFormation allows nothing but the next one, and it is never made anew unasked.
pub fn half_deleted(draft: &mut Draft<StackResource>, prior: &StackState, d: &mut Diagnostics) {
    let operation =
        Operation { config: &draft.config, prior, private: &draft.private, loaded: None };
    operation.foresee(&mut draft.planned, &Touched::default());
    draft.planned.template_sha256 = prior.template_sha256.clone();
    draft.planned.tags_all = prior.tags_all.clone();
    draft.planned.admin_password_secret_arn = prior.admin_password_secret_arn.clone();
    let refused = if only_words(prior, &draft.planned) {
        ""
    } else {
        " Everything else that the configuration changes is refused."
    };
    let detail = format!(
        "Its deletion was begun and failed ({}), and CloudFormation allows nothing but its deletion. An apply only takes note of \
         `retain_resources`, `deletion_mode` and `empty_buckets`.{refused} To finish: `terraform destroy`. To have the stack anew: \
         `terraform apply -replace=<its address>`.",
        Status::DeleteFailed
    );
    d.warn(format!("{} is half deleted", StackResource::subject(prior)), detail);
}

/// Plans for a stack whose rollback failed: the apply goes on with it, or the plan says what to write.
///
/// # Errors
/// Something is to be changed, and nobody has said how to go on.
pub async fn not_rolled_back(
    deploy: Option<&Deploy<'_>>,
    prior: &StackState,
    planned: &StackState,
    d: &mut Diagnostics,
) -> Result<()> {
    let subject = StackResource::subject(prior);
    if continues(planned) {
        let skip = Vec::from_iter(set(&planned.rollback_resources_to_skip)).join(", ");
        let skipped = if skip.is_empty() {
            String::new()
        } else {
            format!(" These count as rolled back, whatever they are: {skip}.")
        };
        let detail = format!(
            "The last update failed, and so did its rollback. The apply goes on with the rollback and then with the update.{skipped}"
        );
        d.warn(format!("{subject} is rolled back first"), detail);
        return Ok(());
    }
    let failed = match (deploy, id(prior)) {
        (Some(deploy), Ok(id)) => deploy.unrestored(&id).await.unwrap_or_default(),
        _ => vec![],
    };
    let mut what = format!(
        "The last update failed, and so did its rollback ({}).",
        Status::UpdateRollbackFailed
    );
    let mut skip = "Name what can never be rolled back in `rollback_resources_to_skip`".to_string();
    if !failed.is_empty() {
        what += &format!(" Not rolled back:\n{}\n", named(&failed));
        let ids: Vec<_> = failed.iter().map(|part| format!("{:?}", part.logical_id)).collect();
        skip = format!(
            "What can never be rolled back is skipped with `rollback_resources_to_skip = [{}]`",
            ids.join(", ")
        );
    }
    let fix = format!(
        "Remove the cause and set `on_rollback_failed = \"continue\"`: the apply then goes on with the rollback, and with the update after it. \
         {skip}: it counts as rolled back, whatever it is."
    );
    if *planned == *prior || only_words(prior, planned) {
        d.warn(format!("{subject} is stuck"), format!("{what} {fix}"));
        return Ok(());
    }
    Err(Error::config(AttributePath::new("on_rollback_failed"), what, fix))
}

/// Says at the plan of a destroy which buckets may be emptied.
pub async fn empties(cx: &Cx, state: &StackState, d: &mut Diagnostics) {
    if state.empty_buckets != Value::Value(true) || d.failed() {
        return;
    }
    let looked = match (StackResource::deploy(cx, state).await, id(state)) {
        (Ok(deploy), Ok(id)) => deploy.parts(&id).await,
        (Err(e), _) | (_, Err(e)) => Err(e),
    };
    let names = match looked {
        Ok(parts) => {
            let buckets =
                parts.into_iter().filter(|p| p.kind == "AWS::S3::Bucket" && p.status.exists());
            let names: Vec<_> =
                buckets.map(|p| p.physical_id).filter(|id| !id.is_empty()).collect();
            if names.is_empty() {
                return;
            }
            names.join(", ")
        }
        Err(e) => format!("which ones could not be told ({e})"),
    };
    let detail = format!(
        "`empty_buckets` is on: where CloudFormation cannot delete a bucket because something is in it, every object is deleted for good, in \
         every version. Buckets of the stack: {names}. Those that the template retains are left alone."
    );
    d.warn(format!("Buckets of {} may be emptied", StackResource::subject(state)), detail);
}
