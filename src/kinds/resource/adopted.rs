//! Whether a creation took over what was there: the one attribute that is filled in for every type that has it.

use super::{Change, Resource};
use crate::tf::{Object, State, Tree};

const ADOPTED: &str = "adopted";

/// Puts it in, where the type has a word for it: known at the creation, and never changed.
pub fn with_adopted<R: Resource>(mut object: Object, adopted: Tree) -> Object {
    if R::State::schema().attributes.iter().any(|a| a.name == ADOPTED) {
        object.insert(ADOPTED.into(), adopted);
    }
    object
}

/// What the state says of it; null: nothing, as a state of an earlier release.
pub fn prior(change: &Change) -> Tree {
    change.prior.as_ref().and_then(|prior| prior.get(ADOPTED)).cloned().unwrap_or_default()
}

/// What was planned of it.
pub fn planned(change: &Change) -> Tree {
    change.planned.as_ref().and_then(|planned| planned.get(ADOPTED)).cloned().unwrap_or_default()
}
