//! What a plan has said of each stack so far, for the resources of the same stack that are planned after it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::usage::Usage;
use crate::cloudformation::template::Template;
use crate::quilt::sso::Claim;

/// What each stack will be, and who signs people in there. It begins empty with every configuration of the provider, so that nothing of
/// it outlives a plan; and it knows only what one process plans: resources of the same provider block.
#[derive(Clone, Default)]
pub struct Plans {
    said: Arc<Mutex<BTreeMap<Place, Plan>>>,
    /// Checks of which was told that they could not be made.
    told: Arc<Mutex<BTreeSet<&'static str>>>,
    /// What goes and who uses it.
    pub usage: Usage,
}

/// Region and name of a stack.
pub type Place = (String, String);

/// What was said of one stack.
#[derive(Clone, Default)]
pub struct Plan {
    /// What its `quilt_stack` makes of it.
    pub stack: Option<Arc<PlannedStack>>,
    /// What each `quilt_sso` of it sets.
    pub claims: Vec<Claim>,
}

/// A stack as it will be once the plan is applied.
#[derive(Debug)]
pub struct PlannedStack {
    /// The one that is planned, not the one it has.
    pub template: Template,
    /// A value for every parameter that the template declares; `None`: not known yet.
    pub parameters: BTreeMap<String, Option<String>>,
    /// The parameters that its configuration sets, and the argument each stands in.
    pub set: BTreeMap<String, &'static str>,
}

impl PlannedStack {
    /// The parameters as far as they are known; what is not is empty.
    pub fn known(&self) -> BTreeMap<String, String> {
        self.parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()))
            .collect()
    }

    /// The parameters that are known, alone.
    pub fn so_far(&self) -> BTreeMap<String, String> {
        let known = self.parameters.iter();
        known.filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect()
    }
}

impl Plans {
    fn with<T>(&self, place: &Place, change: impl FnOnce(&mut Plan) -> T) -> T {
        change(
            self.said
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(place.clone())
                .or_default(),
        )
    }

    /// Notes what a stack will be, and gives what was said of it before.
    pub fn stack(&self, place: &Place, stack: PlannedStack) -> Plan {
        self.with(place, |plan| {
            plan.stack = Some(Arc::new(stack));
            plan.clone()
        })
    }

    /// Of this check nothing was told yet in this plan; from now on it is.
    pub fn untold(&self, check: &'static str) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(check)
    }

    /// Notes what a `quilt_sso` sets, and gives what was said of the stack before.
    pub fn claim(&self, place: &Place, claim: &Claim) -> Plan {
        self.with(place, |plan| {
            let before = plan.clone();
            if !plan.claims.contains(claim) {
                plan.claims.push(claim.clone());
            }
            before
        })
    }
}
