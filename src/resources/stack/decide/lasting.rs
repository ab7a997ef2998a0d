//! Outputs that an update leaves as they are: what they rest on is changed at most, and keeps what AWS fixed when it was made.

use std::collections::{BTreeMap, BTreeSet};

use super::foreseen::{Operation, given_out};
use super::touched::Touched;
use crate::cloudformation::changes::{Consequence, Fate};
use crate::cloudformation::outputs::lasting;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::{Draft, StackState};

/// The outputs that are not known yet and last while the update does no more to what they rest on than change it; each with that.
pub fn candidates(
    g: &Gathered,
    draft: &Draft,
    prior: &StackState,
    touched: &Touched,
) -> BTreeMap<String, BTreeSet<String>> {
    let (loaded, private) = (g.loaded.as_ref(), &draft.private);
    let Some(after) = loaded.and_then(Loaded::known).filter(|_| touched.is_certain()) else {
        return BTreeMap::new();
    };
    let same = |loaded: &Loaded| !loaded.changes(prior);
    let before = match &g.before {
        Ok(Some(before)) => before,
        _ if loaded.is_some_and(same) => after,
        _ => return BTreeMap::new(),
    };
    let operation = Operation { config: &draft.config, prior, private, loaded, wanted: &g.wanted };
    let (was, will_be) = (operation.known_before(before), operation.known(after));
    let mut found = lasting((before, &was), (after, &will_be));
    found.retain(|name, _| is_open(&draft.planned, name) && has(prior, name));
    found
}

fn is_open(planned: &StackState, name: &str) -> bool {
    let outputs = planned.outputs.as_ref_option();
    outputs.and_then(|outputs| outputs.get(name)).is_some_and(|value| value.is_unknown())
}

fn has(prior: &StackState, name: &str) -> bool {
    let outputs = prior.outputs.as_ref_option();
    outputs.and_then(|outputs| outputs.get(name)).is_some_and(|value| value.is_value())
}

/// Those of them that last through these changes.
pub fn through(
    candidates: BTreeMap<String, BTreeSet<String>>,
    changes: &[Consequence],
) -> BTreeSet<String> {
    let moved = changes.iter().filter(|one| one.fate != Fate::Modified);
    let moved: BTreeSet<_> = moved.map(|one| one.change.logical_id.clone()).collect();
    let lasts =
        |(name, rests): (String, BTreeSet<String>)| rests.is_disjoint(&moved).then_some(name);
    candidates.into_iter().filter_map(lasts).collect()
}

/// Plans them as they are.
pub fn keep(planned: &mut StackState, prior: &StackState, names: &BTreeSet<String>) {
    let (Some(outputs), Some(before)) =
        (planned.outputs.as_ref_option(), prior.outputs.as_ref_option())
    else {
        return;
    };
    let mut outputs = outputs.clone();
    for (name, value) in before.iter().filter(|(name, _)| names.contains(*name)) {
        if let Some(slot) = outputs.get_mut(name).filter(|slot| slot.is_unknown()) {
            *slot = value.clone();
        }
    }
    given_out(planned, outputs);
}
