//! What was found behind a failure while the rollback had only begun.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cloudformation::stack::Stack;
use crate::diagnose::Diagnosis;

/// Diagnoses by the stack's ARN, each with the moment its operation began.
#[derive(Default)]
pub(super) struct Evidence(Mutex<HashMap<String, (i64, Option<Diagnosis>)>>);

impl Evidence {
    fn locked(&self) -> MutexGuard<'_, HashMap<String, (i64, Option<Diagnosis>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody has looked at this rollback yet; from now on somebody has.
    pub fn is_first_look(&self, stack: &Stack) -> bool {
        let mut all = self.locked();
        let looked = all.get(&stack.id).is_some_and(|(began, _)| *began == stack.moved_at);
        if !looked {
            all.insert(stack.id.clone(), (stack.moved_at, None));
        }
        !looked
    }

    /// Keeps what tells of more than CloudFormation's events, which stay.
    pub fn keep(&self, id: &str, found: Diagnosis) {
        if let Some((_, kept)) = self.locked().get_mut(id).filter(|_| !found.findings.is_empty()) {
            *kept = Some(found);
        }
    }

    /// What was kept.
    pub fn take(&self, id: &str) -> Option<Diagnosis> {
        self.locked().remove(id)?.1
    }
}
