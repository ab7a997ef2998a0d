//! The apply of a change to any resource, and how one that fails is saved and told.

use super::adopted::{self, with_adopted};
use super::{Answer, Change, Kept, Resource, claim, held, replaced, stale};
use crate::cx::Cx;
use crate::cx::claims::Said;
use crate::kinds::stored::{remembered, settled, to_remember, typed, with_write_only};
use crate::outcome::{Error, Result, Verb, explain, explain_left, explain_resumable};
use crate::tf::{Diagnostics, Object, Report, State, Tree};

/// Carries a change out. After an error the answer is what is true now.
pub async fn apply<R: Resource>(
    resource: &R,
    cx: &Cx,
    mut change: Change,
    d: &mut Diagnostics,
) -> Answer {
    let mut adopted = adopted::planned(&change);
    let read = |object: Option<&Object>, d: &mut Diagnostics| object.and_then(|o| typed(o, d));
    let planned = with_write_only(R::State::schema(), change.planned.take(), &change.config);
    let (prior, planned): (Option<R::State>, Option<R::State>) =
        (read(change.prior.as_ref(), d), read(planned.as_ref(), d));
    if d.failed() {
        return Answer { state: change.prior, private: change.private };
    }
    let subject = planned.as_ref().or(prior.as_ref()).map(R::subject).unwrap_or_default();
    let verb = match (&prior, &planned) {
        (None, _) => Verb::Create,
        (Some(_), Some(_)) => Verb::Update,
        (Some(_), None) => Verb::Delete,
    };
    let mut kept = Kept::<R>::new(remembered(&change.private));
    let prior = match (prior, verb) {
        (Some(prior), Verb::Update) => {
            Some(stale::as_it_is(resource, cx, prior, &change.private, &mut kept).await)
        }
        (prior, _) => prior,
    };
    let done = match (prior, planned) {
        (None, Some(planned)) => {
            kept.adoption = claim::adoption::<R>(cx, &planned, &adopted).await;
            create(resource, cx, planned, &mut kept).await.map(Some)
        }
        (Some(prior), Some(planned)) => {
            held::update(resource, cx, prior, planned, &mut kept).await.map(Some)
        }
        (Some(prior), None) => delete(resource, cx, prior, &mut kept).await.map(|()| None),
        (None, None) => Ok(None),
    };
    if verb == Verb::Create && !matches!(adopted, Tree::Bool(_)) {
        adopted = Tree::Bool(kept.adopted);
    }
    d.warnings.append(&mut kept.diagnostics.warnings);
    cx.notes.hand_over(d);
    let mut private = to_remember(&kept.private);
    if done.is_err() && kept.begun {
        private = stale::with_left(private);
    }
    let object = |state: Option<R::State>| state.map(|s| with_adopted::<R>(settled(&s), adopted));
    let state = match done {
        Ok(state) => object(state),
        Err(e) => {
            after_error(verb, &subject, &e, (object(kept.state), kept.complete), change.prior, d)
        }
    };
    replaced::addressed::<R>(d);
    Answer { state, private }
}

async fn create<R: Resource>(
    resource: &R,
    cx: &Cx,
    planned: R::State,
    kept: &mut Kept<R>,
) -> Result<R::State> {
    let made = resource.create(cx, planned, kept).await;
    if let Some(state) = made.as_ref().ok().or(kept.state.as_ref()) {
        claim::say::<R>(cx, state, Said::Made).await;
    }
    made
}

/// Deletes, unless this run has made it.
async fn delete<R: Resource>(
    resource: &R,
    cx: &Cx,
    prior: R::State,
    kept: &mut Kept<R>,
) -> Result<()> {
    claim::deletion::<R>(cx, &prior).await?;
    held::delete(resource, cx, prior.clone(), kept).await?;
    claim::say::<R>(cx, &prior, Said::Deleted).await;
    Ok(())
}

/// What is saved when an apply ends in an error, and how it is told: the three endings of an interrupted operation, and plain failure.
///
/// State with an error taints a creation (the next apply makes it anew), state with a warning does not, no state leaves it to be adopted. So
/// only a creation that is known to have failed is saved with its error.
fn after_error(
    verb: Verb,
    subject: &str,
    e: &Error,
    kept: (Option<Object>, bool),
    prior: Option<Object>,
    d: &mut Diagnostics,
) -> Option<Object> {
    match (verb, e, kept) {
        (Verb::Create, Error::Interrupted { doing }, (Some(state), _)) => {
            explain_resumable(subject, doing, d);
            Some(state)
        }
        (Verb::Create, Error::Failed { .. }, (Some(state), false)) => {
            explain(verb, subject, e, d);
            Some(state)
        }
        (Verb::Create, e, (Some(_), _)) => {
            explain_left(subject, e, d);
            None
        }
        (verb, e, _) => {
            explain(verb, subject, e, d);
            prior
        }
    }
}
