//! The update of a `quilt_stack`.

use std::collections::BTreeSet;

use super::decide::stuck::only_words;
use super::gather::source;
use super::order::{remembered, secrets, sent};
use super::state::{StackPrivate, StackResource, StackState};
use super::tell::applied;
use crate::cx::Cx;
use crate::deploy::{Deploy, Updated};
use crate::kinds::resource::Kept;
use crate::outcome::Result;
use crate::resources::{protection, stack_policy, timeouts};

/// Changes the stack, unless nothing but words is changed that are kept until they are needed.
pub async fn update(
    cx: &Cx,
    prior: StackState,
    planned: StackState,
    kept: &mut Kept<StackResource>,
) -> Result<StackState> {
    let ends = kept.private.found.take().and_then(|found| found.ends);
    if only_words(&prior, &planned) {
        return Ok(planned);
    }
    let (deploy, id) = (prior.deploy(cx).await?, prior.arn()?);
    let loaded = source::planned(&deploy.aws, &planned, Some(&prior)).await?;
    secrets::hide(&cx.veil, &planned, loaded.known(), &kept.private);
    unblock(&deploy, id, &planned).await?;
    let (before, then) = (prior.policy(), planned.policy());
    kept.private.policy_unsure = before != then;
    let change = sent::Change {
        deploy: &deploy,
        prior: &prior,
        planned: &planned,
        loaded: &loaded,
        private: &kept.private,
        brought: Default::default(),
        ends,
    };
    let mut unshown = BTreeSet::new();
    let limit = timeouts::STACK.with(&planned.timeouts).update;
    let order = |live| change.order(live);
    let done = deploy.change_told(id, limit, order, |ids| unshown.extend(ids)).await;
    let brought = change.brought.into_inner().unwrap_or_default();
    // The next plan of the same leaves open what rests on these.
    kept.private.replaces.extend(unshown);
    let Updated { mut stack, policed, .. } = done?;
    kept.private.replaces.clear();
    applied::check(&planned, loaded.known(), &stack, &mut kept.diagnostics)?;
    if !policed {
        stack_policy::replace(&deploy, id, before, then).await?;
    }
    protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
    let private = remembered::remembered(&planned, &loaded, kept.private.clone(), &brought);
    let held = remembered::held(&prior, &private, &loaded, &stack);
    kept.private = StackPrivate { policy_unsure: false, held, ..private };
    remembered::remember(&mut kept.private, &stack);
    Ok(applied::after(cx, planned, &stack))
}

/// Lets CloudFormation go on with a rollback that failed, where that is wanted.
async fn unblock(deploy: &Deploy<'_>, id: &str, planned: &StackState) -> Result<()> {
    if !planned.continues() {
        return Ok(());
    }
    let role = planned.iam_role_arn.as_deref_option();
    let limit = timeouts::STACK.with(&planned.timeouts).update;
    deploy.continue_rollback(id, &planned.skip(), role, limit).await
}
