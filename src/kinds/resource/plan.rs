//! The plan of a change to any resource: what the general rules say, what the resource says, and what all of them claim.

use super::adopted::{self, with_adopted};
use super::stale::{self, Seen};
use super::{Change, Draft, Planned, Resource, claim, held, replaced};
use crate::cx::Cx;
use crate::cx::claims::Said;
use crate::kinds::stored::{remembered, stored, to_remember, typed};
use crate::outcome::{Verb, explain, name_way_to_destroy};
use crate::tf::draft::draft;
use crate::tf::{Diagnostics, Object, Report, State, Tree};

/// Plans a change; `None`: the errors say why there is no plan. What rests on a state that nobody has looked at is not refused before it is.
pub async fn plan<R: Resource>(
    resource: &R,
    cx: &Cx,
    mut change: Change,
    d: &mut Diagnostics,
) -> Option<Planned> {
    let Some(proposed) = change.planned.take() else {
        return deletion(resource, cx, change, d).await;
    };
    let cx = &stale::provisional(cx, &change);
    let mut told = Diagnostics::default();
    let mut planned = once(resource, cx, &change, proposed.clone(), &mut told).await;
    if stale::doubted(cx, &change, &told) {
        match stale::look(resource, cx, &change, &proposed).await {
            Some(Seen::Otherwise(seen, proposed)) => {
                stale::plans_anew::<R>(cx, &seen).await;
                told = Diagnostics::default();
                planned = once(resource, cx, &seen, proposed, &mut told).await.map(|planned| {
                    // The apply is handed the state as it was, with what was remembered beside it: it looks as well.
                    Planned { private: stale::with_left(change.private.clone()), ..planned }
                });
            }
            Some(Seen::Gone) => {
                stale::plans_anew::<R>(cx, &change).await;
                told = Diagnostics::default();
                planned = stale::made_anew::<R>(cx, &change, &proposed, &mut told).await;
            }
            None => {}
        }
    }
    d.warnings.append(&mut told.warnings);
    d.errors.append(&mut told.errors);
    planned
}

/// Plans it from the state as it is handed over.
async fn once<R: Resource>(
    resource: &R,
    cx: &Cx,
    change: &Change,
    proposed: Object,
    d: &mut Diagnostics,
) -> Option<Planned> {
    let mut draft = drafted::<R>(change, proposed, d)?;
    held::plan::<R>(cx, draft.prior.as_ref(), d).await?;
    let first = d.errors.len();
    let refined = resource.plan(cx, &mut draft, d).await;
    if let Err(e) = &refined {
        explain(Verb::Plan, &R::subject(&draft.config), e, d);
    }
    let adopted = match &draft.prior {
        Some(prior) => {
            claims(cx, prior, &draft, d).await;
            // What AWS did not answer is no refusal, and stops a destroy without a refresh as well.
            if !refined.is_err_and(|e| e.aws().is_some()) {
                name_way_to_destroy(first, d);
            }
            // Terraform does not ask again for the deletion that a replacement begins with.
            if let Some(at) = draft.replace.first() {
                let mut told = Diagnostics::default();
                let refusal = resource.plan_delete(cx, prior, &mut told).await;
                replaced::judge::<R>((prior, change.prior.as_ref()), at, (refusal, told), d);
            }
            adopted::prior(change)
        }
        None => creation(resource, cx, &mut draft, change, d).await,
    };
    replaced::addressed::<R>(d);
    let of = draft.prior.as_ref().and_then(R::identity).and_then(|identity| identity.id);
    Some(Planned {
        state: Some(with_adopted::<R>(stored(&draft.planned), adopted)),
        replace: draft.replace,
        private: claim::with_instead_of(to_remember(&draft.private), of),
    })
}

async fn deletion<R: Resource>(
    resource: &R,
    cx: &Cx,
    change: Change,
    d: &mut Diagnostics,
) -> Option<Planned> {
    let prior: R::State = typed(&change.prior?, d)?;
    claim::plan::<R>(cx, &prior, Said::Ends, d).await;
    replaced::explained::<R>(held::plan_delete(resource, cx, &prior, d).await, &prior, d);
    Some(Planned { state: None, replace: vec![], private: change.private })
}

/// The change as the general rules draft it.
fn drafted<R: Resource>(
    change: &Change,
    proposed: Object,
    d: &mut Diagnostics,
) -> Option<Draft<R>> {
    let prior = change.prior.as_ref();
    let drafted = draft(&R::State::schema().attributes, prior, &change.config, proposed);
    let adopted = if prior.is_some() { adopted::prior(change) } else { Tree::Unknown };
    Some(Draft {
        prior: match prior {
            Some(prior) => Some(typed(prior, d)?),
            None => None,
        },
        config: typed(&change.config, d)?,
        planned: typed(&with_adopted::<R>(drafted.planned, adopted), d)?,
        replace: drafted.replace,
        private: remembered(&change.private),
        instead_of: claim::instead_of(&change.private).filter(|_| prior.is_none()),
    })
}

/// Says what becomes of what is there.
async fn claims<R: Resource>(cx: &Cx, prior: &R::State, draft: &Draft<R>, d: &mut Diagnostics) {
    let stays = draft.replace.is_empty();
    claim::plan::<R>(cx, prior, if stays { Said::Stays } else { Said::Replaced }, d).await;
    if stays {
        claim::another_name::<R>(cx, prior, &draft.planned, d).await;
    }
}

/// Plans what a creation does with what is there.
async fn creation<R: Resource>(
    resource: &R,
    cx: &Cx,
    draft: &mut Draft<R>,
    change: &Change,
    d: &mut Diagnostics,
) -> Tree {
    if d.failed() {
        return Tree::Unknown;
    }
    let adopts = claim::creation(resource, cx, &draft.planned, change, d).await;
    if let Ok(Tree::Bool(true)) = adopts {
        R::adopts(&mut draft.planned, &draft.config);
    }
    adopts.unwrap_or_else(|e| {
        explain(Verb::Plan, &R::subject(&draft.config), &e, d);
        Tree::Unknown
    })
}
