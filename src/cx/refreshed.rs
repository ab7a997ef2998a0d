//! What refreshes of this process have seen, for the plans that follow them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cloudformation::stack::Stack;

/// Stacks as refreshes of this process have just seen them. A plan may rest on one, once: what it was is then taken away.
#[derive(Clone, Default)]
pub struct Refreshed(Arc<Mutex<HashMap<String, Stack>>>);

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
}
