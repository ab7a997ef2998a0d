//! The end of a `quilt_stack`: what its plan refuses and says, and the deletion.

use super::catalogued;
use super::quilt::admin;
use super::state::{StackState, set};
use crate::cloudformation::stack::Removal;
use crate::cx::Cx;
use crate::deploy::protection::{OF_STACK, Shield};
use crate::outcome::Result;
use crate::resources::{protection, timeouts};
use crate::tf::{Diagnostics, Report, Value};

/// Plans the deletion.
pub async fn plan(cx: &Cx, state: &StackState, d: &mut Diagnostics) -> Result<()> {
    protected(cx, state, d).await?;
    empties(cx, state, d).await;
    if !d.failed() {
        catalogued::deleted(state, d);
    }
    Ok(())
}

/// Deletes the stack, and the administrator's password with it.
pub async fn delete(cx: &Cx, state: &StackState, d: &mut Diagnostics) -> Result<()> {
    let deploy = state.deploy(cx).await?;
    let limit = timeouts::STACK.with(&state.timeouts).delete;
    deploy.delete(state.arn()?, &removal(state), limit).await?;
    admin::forget(&deploy, state, d).await
}

/// How the stack is deleted.
pub fn removal(state: &StackState) -> Removal {
    Removal {
        role: state.iam_role_arn.as_ref_option().cloned(),
        retain: set(&state.retain_resources),
        force: state.deletion_mode.as_deref_option() == Some("FORCE_DELETE_STACK"),
        empty_buckets: state.empty_buckets == Value::Value(true),
        worded: true,
        arguments: &[OF_STACK],
        shared: false,
    }
}

/// Refuses to plan the deletion of a stack that is protected, or that holds a protected database.
async fn protected(cx: &Cx, state: &StackState, d: &mut Diagnostics) -> Result<()> {
    let known = |value: &Value<String>| value.as_ref_option().cloned().unwrap_or_default();
    let removal = removal(state);
    let said = state.enable_termination_protection == Value::Value(true);
    let said = said.then(|| Shield::of_stack(&known(&state.name), &known(&state.region), &removal));
    let looked = async { state.deploy(cx).await?.shield(state.arn()?, &removal).await };
    protection::deletion(looked.await, said, d)
}

/// Says at the plan of a destroy which buckets may be emptied.
async fn empties(cx: &Cx, state: &StackState, d: &mut Diagnostics) {
    if state.empty_buckets != Value::Value(true) || d.failed() {
        return;
    }
    let looked = async { state.deploy(cx).await?.parts(state.arn()?).await };
    let names = match looked.await {
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
    d.warn(format!("Buckets of {} may be emptied", state.subject()), detail);
}
