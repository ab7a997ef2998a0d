//! What refreshes of this process have seen, for the plans that follow them.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cloudformation::stack::Stack;
use crate::tf::Object;

/// Stacks as refreshes of this process have just seen them. A plan may rest on one, once: what it was is then taken away. And the states that
/// refreshes have given back.
#[derive(Clone, Default)]
pub struct Refreshed(Arc<Mutex<HashMap<String, Stack>>>, Arc<Mutex<HashSet<u64>>>);

impl Refreshed {
    /// A refresh has seen it so.
    pub fn note(&self, stack: &Stack) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(stack.id.clone(), stack.clone());
    }

    /// A refresh has seen it, and nobody rested on that yet.
    pub fn has(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    /// What a refresh has seen, if nobody rested on it yet.
    pub fn take(&self, id: &str) -> Option<Stack> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id)
    }

    /// A refresh gives this state back.
    pub fn see(&self, state: &Object) {
        self.states().insert(digest(state));
    }

    /// A refresh has given this very state back.
    pub fn saw(&self, state: &Object) -> bool {
        self.states().contains(&digest(state))
    }

    fn states(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells states apart within a process. Nothing of them is kept.
fn digest(state: &Object) -> u64 {
    let mut hasher = DefaultHasher::new();
    state.hash(&mut hasher);
    hasher.finish()
}
