//! A stack that is half deleted, can only be made anew or was not rolled back: what its plan says.

use super::foreseen::Operation;
use super::touched::Touched;
use crate::cloudformation::stack::{Part, Skip};
use crate::cloudformation::status::Status;
use crate::deploy::explain::named;
use crate::outcome::{Error, Result};
use crate::resources::stack::order::wanted::Wanted;
use crate::resources::stack::state::{Draft, StackState};
use crate::resources::standing;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// The change is one of words that are kept until they are needed: nothing is asked of AWS.
pub fn only_words(prior: &StackState, planned: &StackState) -> bool {
    let words = StackState {
        on_rollback_failed: planned.on_rollback_failed.clone(),
        rollback_resources_to_skip: planned.rollback_resources_to_skip.clone(),
        retain_resources: planned.retain_resources.clone(),
        deletion_mode: planned.deletion_mode.clone(),
        empty_buckets: planned.empty_buckets,
        express_deletion: planned.express_deletion,
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

/// Plans for a stack that CloudFormation allows only to be deleted; `false`: it is none.
pub fn ends(draft: &mut Draft, d: &mut Diagnostics) -> bool {
    let Some(prior) = draft.prior.clone() else { return false };
    let status = prior.status();
    let as_it_is = draft.config.disable_rollback == Value::Value(true);
    if status == Status::DeleteFailed && draft.replace.is_empty() {
        half_deleted(draft, &prior, d);
        return true;
    }
    let stuck = standing::stuck(&status, as_it_is);
    if stuck {
        standing::replaced(&prior.subject(), &status, d);
        draft.planned.id = Value::Unknown;
        draft.replace.push(AttributePath::new("id"));
    }
    stuck
}

/// Plans for a stack whose deletion failed: CloudFormation allows nothing but the next one, and it is never made anew unasked.
fn half_deleted(draft: &mut Draft, prior: &StackState, d: &mut Diagnostics) {
    let Draft { config, planned, private, .. } = &mut *draft;
    let operation = Operation { config, prior, private, loaded: None, wanted: &Wanted::default() };
    operation.foresee(planned, &Touched::default());
    draft.planned.template_sha256 = prior.template_sha256.clone();
    draft.planned.tags_all = prior.tags_all.clone();
    draft.planned.admin_password_secret_arn = prior.admin_password_secret_arn.clone();
    draft.planned.provisioned_product_id = prior.provisioned_product_id.clone();
    let refused = match only_words(prior, &draft.planned) {
        true => "",
        false => " Everything else that the configuration changes is refused.",
    };
    let detail = format!(
        "Its deletion was begun and failed ({}), and CloudFormation allows nothing but its deletion. An apply only takes note of \
         `retain_resources`, `deletion_mode` and `empty_buckets`.{refused} To finish: `terraform destroy`. To have the stack anew: \
         `terraform apply -replace=<its address>`.",
        Status::DeleteFailed
    );
    d.warn(format!("{} is half deleted", prior.subject()), detail);
}

/// What counts as rolled back when the rollback goes on.
fn skipped(skip: &Skip, unrestored: &[Part]) -> String {
    match skip {
        Skip::Named(ids) if ids.is_empty() => String::new(),
        Skip::Named(ids) => {
            let ids = Vec::from_iter(ids.iter().map(String::as_str)).join(", ");
            format!(" These count as rolled back, whatever they are: {ids}.")
        }
        Skip::Forced if unrestored.is_empty() => {
            " Everything that could not be rolled back counts as rolled back, whatever it is."
                .into()
        }
        Skip::Forced => format!(
            " These could not be rolled back, and count as rolled back, whatever they are:\n{}",
            named(unrestored)
        ),
    }
}

/// Plans for a stack whose rollback failed: the apply goes on with it, or the plan says what to write.
///
/// # Errors
/// Something is to be changed, and nobody has said how to go on.
pub fn not_rolled_back(
    unrestored: &[Part],
    prior: &StackState,
    planned: &StackState,
    d: &mut Diagnostics,
) -> Result<()> {
    let subject = prior.subject();
    if planned.continues() {
        let detail = format!(
            "The last update failed, and so did its rollback. The apply goes on with the rollback and then with the update.{}",
            skipped(&planned.skip(), unrestored)
        );
        d.warn(format!("{subject} is rolled back first"), detail);
        return Ok(());
    }
    let mut what = format!(
        "The last update failed, and so did its rollback ({}).",
        Status::UpdateRollbackFailed
    );
    let mut skip = "Name what can never be rolled back in `rollback_resources_to_skip`".to_string();
    if !unrestored.is_empty() {
        what += &format!(" Not rolled back:\n{}\n", named(unrestored));
        let ids: Vec<_> = unrestored.iter().map(|part| format!("{:?}", part.logical_id)).collect();
        skip = format!(
            "What can never be rolled back is skipped with `rollback_resources_to_skip = [{}]`",
            ids.join(", ")
        );
    }
    let fix = format!(
        "Remove the cause and set `on_rollback_failed = \"continue\"`: the apply then goes on with the rollback, and with the update after it. \
         {skip}: it counts as rolled back, whatever it is. `on_rollback_failed = \"force_rollback\"` skips all that could not be rolled back."
    );
    if *planned == *prior || only_words(prior, planned) {
        d.warn(format!("{subject} is stuck"), format!("{what} {fix}"));
        return Ok(());
    }
    Err(Error::config(AttributePath::new("on_rollback_failed"), what, fix))
}
