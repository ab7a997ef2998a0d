//! What a plan says of something that it deletes while a stack which stays uses it.

use std::collections::BTreeMap;

use crate::cx::{Cx, Going, Staying};
use crate::deploy::Deploy;
use crate::deploy::usage::ways;
use crate::outcome::{Error, Result};
use crate::quilt::usage::named;
use crate::tf::{Diagnostics, Report};

/// Tells the plan that something goes, and judges it against what was heard to stay. `subject` is as "Database data".
pub async fn goes(
    deploy: &Deploy<'_>,
    id: &str,
    subject: String,
    d: &mut Diagnostics,
) -> Result<()> {
    let looked = async {
        match deploy.aws.stacks.glance(id).await?.filter(|stack| !stack.status.going()) {
            Some(stack) => deploy.users(&stack).await.map(Some),
            None => Ok(None),
        }
    };
    let (made, users) = match looked.await {
        // What AWS does not answer now, the deletion asks again.
        Err(Error::Aws(_)) | Ok(None) => return Ok(()),
        Ok(Some(found)) => found,
        Err(e) => return Err(e),
    };
    let going = Going { subject, made, users: users.into_iter().map(|user| user.id).collect() };
    if !deploy.cx.run.tells_walks_apart() {
        return Ok(()); // the deletion asks again
    }
    for staying in deploy.cx.plans.usage.goes(&going) {
        judge(&going, &staying, d);
    }
    Ok(())
}

/// Tells the plan that a stack stays, and judges what was heard to go.
pub fn stays(cx: &Cx, staying: &Staying, d: &mut Diagnostics) {
    if !cx.run.tells_walks_apart() {
        return;
    }
    for going in cx.plans.usage.stays(staying) {
        judge(&going, staying, d);
    }
}

/// Who goes on using what goes is refused. Who is pointed elsewhere by the same plan is warned about: whether Terraform updates it first rests
/// on `create_before_destroy`, which providers are not told.
fn judge(going: &Going, staying: &Staying, d: &mut Diagnostics) {
    let (what, who) = (&going.subject, &staying.subject);
    let known: BTreeMap<_, _> =
        staying.parameters.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?))).collect();
    if let Some((parameter, id)) = named(&known, &going.made) {
        let detail = format!(
            "This plan deletes or replaces it, and {who} goes on using it: `{parameter}` names {id}. Nothing was changed.\n\n1. Keep it in the \
             configuration, point {who} to another one (or delete it) and run `terraform apply`.\n2. Then delete or replace it again."
        );
        d.fail(format!("{what} is still used by {who}"), detail);
        return;
    }
    let detail = format!(
        "This plan deletes or replaces it and points {who} elsewhere. While {who} uses it, nothing of it is deleted.\n\n{}",
        ways()
    );
    d.warn(format!("{what} is in use until {who} is updated"), detail);
}

#[cfg(test)]
mod tests;
