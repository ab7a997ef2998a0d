//! The one road to the verbs of what a state holds: it is the caller's, or nothing is concluded and nothing is done.

use super::{Kept, Resource};
use crate::cloudformation::arn::Arn;
use crate::cx::Cx;
use crate::cx::whose::unnamed;
use crate::outcome::{Result, Verb, explain};
use crate::tf::Diagnostics;

/// A state says whose it is, or is of something that nobody's account holds.
fn named<R: Resource + ?Sized>(state: &R::State) -> bool {
    let arns = R::arns(state);
    arns.is_empty() || arns.into_iter().flatten().any(|id| Arn::of(id).is_some())
}

/// Begins the plan of a change; `None`: the error says why not.
pub async fn plan<R: Resource + ?Sized>(
    cx: &Cx,
    prior: Option<&R::State>,
    d: &mut Diagnostics,
) -> Option<()> {
    let Some(prior) = prior else { return Some(()) };
    check::<R>(cx, prior).await.map_err(|e| explain(Verb::Plan, &R::subject(prior), &e, d)).ok()
}

/// What exists is the caller's.
async fn check<R: Resource + ?Sized>(cx: &Cx, prior: &R::State) -> Result<()> {
    cx.whose(&R::arns(prior)).await
}

/// The same before something is done to it: a state that does not say whose it is will not do.
async fn surely<R: Resource + ?Sized>(cx: &Cx, prior: &R::State) -> Result<()> {
    check::<R>(cx, prior).await?;
    if named::<R>(prior) { Ok(()) } else { Err(unnamed()) }
}

/// Looks at it. It is gone only where the state says whose it was.
pub async fn read<R: Resource + ?Sized>(
    r: &R,
    cx: &Cx,
    state: R::State,
    memory: &mut R::Private,
) -> Result<Option<R::State>> {
    check::<R>(cx, &state).await?;
    let named = named::<R>(&state);
    match r.read(cx, state, memory).await? {
        None if !named => Err(unnamed()),
        seen => Ok(seen),
    }
}

/// Plans its deletion.
pub async fn plan_delete<R: Resource + ?Sized>(
    r: &R,
    cx: &Cx,
    state: &R::State,
    d: &mut Diagnostics,
) -> Result<()> {
    check::<R>(cx, state).await?;
    r.plan_delete(cx, state, d).await
}

/// Changes it.
pub async fn update<R: Resource + ?Sized>(
    r: &R,
    cx: &Cx,
    prior: R::State,
    planned: R::State,
    kept: &mut Kept<R>,
) -> Result<R::State> {
    surely::<R>(cx, &prior).await?;
    kept.begun = true;
    r.update(cx, prior, planned, kept).await
}

/// Removes it.
pub async fn delete<R: Resource + ?Sized>(
    r: &R,
    cx: &Cx,
    state: R::State,
    kept: &mut Kept<R>,
) -> Result<()> {
    surely::<R>(cx, &state).await?;
    kept.begun = true;
    r.delete(cx, state, kept).await
}
