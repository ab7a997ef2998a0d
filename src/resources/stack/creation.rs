//! The creation of a `quilt_stack`.

use std::future::ready;

use super::gather::{inheritance, source};
use super::loaded::Loaded;
use super::order::{remembered, secrets, sent};
use super::quilt::{admin, login};
use super::state::{StackPrivate, StackResource, StackState, Values};
use super::tell::applied;
use crate::cloudformation::stack::{Order, Stack};
use crate::cx::Cx;
use crate::deploy::adoption::Adoption;
use crate::deploy::{Deploy, Step};
use crate::kinds::resource::Kept;
use crate::outcome::Result;
use crate::resources::{protection, timeouts};

/// What a creation needs beside its plan.
struct Gathered {
    template: Loaded,
    /// What the database's secret brings.
    brought: Values,
    order: Order,
}

/// Makes the stack, or takes over what an earlier try has left.
pub async fn create(
    cx: &Cx,
    mut planned: StackState,
    kept: &mut Kept<StackResource>,
) -> Result<StackState> {
    let deploy = planned.deploy(cx).await?;
    let gathered = gather(&deploy, &mut planned, kept).await?;
    let Gathered { template, brought, order } = &gathered;
    let private = remembered::remembered(&planned, template, StackPrivate::default(), brought);
    kept.private = StackPrivate { created: true, ..private };
    let (limit, adoption) = (timeouts::STACK.with(&planned.timeouts).create, kept.adoption());
    let told = |step: Step<'_>| {
        kept.note(step, |id| applied::begun(planned.clone(), id, &deploy.aws.region))
    };
    let adopt = |live: Stack| {
        ready(Ok(Some(sent::adoption(cx, order, (&planned, template), brought, &live))))
    };
    let mut stack = deploy.create(order, limit, (&adoption, adopt), told).await?;
    protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
    remembered::remember(&mut kept.private, &stack);
    Ok(applied::after(cx, planned, &stack))
}

async fn gather(
    deploy: &Deploy<'_>,
    planned: &mut StackState,
    kept: &Kept<StackResource>,
) -> Result<Gathered> {
    let (cx, aws) = (deploy.cx, &deploy.aws);
    let template = source::planned(aws, planned, None).await?;
    secrets::hide(&cx.veil, planned, template.known(), &kept.private);
    let brought = login::read(cx, aws, planned, template.known()).await?;
    let makes = !matches!(kept.adoption(), Adoption::Of(_));
    let mut told = admin::ensure(deploy, planned, template.known(), makes).await?;
    told.extend(brought.clone());
    let inherited = inheritance::values(cx, aws, planned, &kept.private, template.known()).await?;
    let order = sent::creation(deploy, planned, &template, &inherited, &told).await?;
    Ok(Gathered { template, brought, order })
}
