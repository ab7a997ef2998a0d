//! A plan from a state that nobody has looked at since it was saved: before it refuses, and where an apply has left something open, it looks itself.

use super::adopted::{self, with_adopted};
use super::{Change, Kept, Planned, Resource, claim, held};
use crate::cx::Cx;
use crate::cx::claims::Said;
use crate::kinds::stored::{remembered, settled, to_remember, typed};
use crate::tf::{AttributePath, Diagnostics, Object, Report, State, Tree};

/// In what is remembered: an apply did not come to its end, and what AWS has may be otherwise than the state says.
const LEFT: &str = "left";
/// The attribute by which AWS knows it.
const ID: &str = "id";

/// What a look at the object has shown.
pub enum Seen {
    /// It is otherwise than the state says: the change from what it is.
    Otherwise(Change, Object),
    /// It does not exist any more.
    Gone,
}

/// Remembers that an apply did not come to its end.
pub fn with_left(private: Vec<u8>) -> Vec<u8> {
    let mut object = match serde_json::from_slice(&private) {
        Ok(serde_json::Value::Object(object)) => object,
        _ => Default::default(),
    };
    object.insert(LEFT.into(), true.into());
    serde_json::to_vec(&object).unwrap_or(private)
}

fn left(private: &[u8]) -> bool {
    let private: Option<serde_json::Value> = serde_json::from_slice(private).ok();
    private.is_some_and(|private| private.get(LEFT).is_some_and(|left| left == true))
}

/// The plan rests on a state that may be otherwise by now, and it matters: it refuses, or an apply did not come to its end.
pub fn doubted(cx: &Cx, change: &Change, told: &Diagnostics) -> bool {
    let Some(prior) = &change.prior else { return false };
    (told.failed() || left(&change.private)) && !cx.refreshed.saw(prior)
}

/// The context of a plan: provisional where nobody has looked at what it begins with.
pub fn provisional(cx: &Cx, change: &Change) -> Cx {
    let unseen = change.prior.as_ref().is_some_and(|prior| !cx.refreshed.saw(prior));
    Cx { provisional: cx.provisional && unseen, ..cx.clone() }
}

/// Looks at it. `None`: it is as the state says, or that cannot be told.
pub async fn look<R: Resource>(
    resource: &R,
    cx: &Cx,
    change: &Change,
    proposed: &Object,
) -> Option<Seen> {
    let prior = change.prior.as_ref()?;
    let state: R::State = typed(prior, &mut Diagnostics::default())?;
    let (mut memory, arns) = (remembered(&change.private), R::arns(&state).into_iter());
    let arns: Vec<_> = arns.filter_map(|arn| arn.as_ref_option().cloned()).collect();
    let Some(now) = held::read(resource, cx, state, &mut memory).await.ok()? else {
        return Some(Seen::Gone);
    };
    // Terraform has not looked: what a plan shows only after that is not shown for this look.
    arns.iter().for_each(|arn| drop(cx.refreshed.take(arn)));
    let now = with_adopted::<R>(settled(&now), adopted::prior(change));
    if now == *prior {
        return None;
    }
    let proposed = again::<R>(&change.config, proposed, |name| now[name].clone());
    let change = Change {
        prior: Some(now),
        planned: None,
        config: change.config.clone(),
        private: to_remember(&memory),
    };
    Some(Seen::Otherwise(change, proposed))
}

/// What an update begins with: the state, or where its plan has looked, what is there now.
pub async fn as_it_is<R: Resource>(
    resource: &R,
    cx: &Cx,
    prior: R::State,
    private: &[u8],
    kept: &mut Kept<R>,
) -> R::State {
    if !left(private) {
        return prior;
    }
    let mut memory = remembered(private);
    match held::read(resource, cx, prior.clone(), &mut memory).await {
        Ok(Some(now)) => {
            kept.private = memory;
            now
        }
        // The update itself says what is wrong.
        _ => prior,
    }
}

/// What is proposed, with another value for what the configuration leaves to the provider.
fn again<R: Resource>(config: &Object, proposed: &Object, of: impl Fn(&str) -> Tree) -> Object {
    let mut proposed = proposed.clone();
    let open = R::State::schema().attributes.iter().filter(|a| a.computed());
    for a in open.filter(|a| config.get(a.name).is_none_or(|value| *value == Tree::Null)) {
        proposed.insert(a.name.into(), of(a.name));
    }
    proposed
}

/// What was planned of it just now does not hold.
pub async fn plans_anew<R: Resource>(cx: &Cx, change: &Change) {
    let prior = change.prior.as_ref();
    let prior = prior.and_then(|prior| typed::<R::State>(prior, &mut Diagnostics::default()));
    if let Some(prior) = prior {
        claim::say::<R>(cx, &prior, Said::Anew).await;
    }
}

/// The plan for what is gone: Terraform makes it anew, and asks for the plan of that by itself.
pub async fn made_anew<R: Resource>(
    cx: &Cx,
    change: &Change,
    proposed: &Object,
    d: &mut Diagnostics,
) -> Option<Planned> {
    let prior: R::State = typed(change.prior.as_ref()?, d)?;
    let detail = "AWS says that it does not exist any more, though the state holds it.";
    d.warn(format!("{} is gone, and will be made anew", R::subject(&prior)), detail);
    claim::plan::<R>(cx, &prior, Said::Replaced, d).await;
    Some(Planned {
        state: Some(again::<R>(&change.config, proposed, |_| Tree::Unknown)),
        replace: vec![AttributePath::new(ID)],
        private: claim::with_instead_of(
            change.private.clone(),
            R::identity(&prior).and_then(|identity| identity.id),
        ),
    })
}
