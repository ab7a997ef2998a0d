//! API keys that a look of this process has found dead: until there is another one, nothing can be asked by them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The ARNs of the secrets that hold them. A plan that renews such a key goes on without what stands in the catalog: the state holds.
#[derive(Clone, Default)]
pub struct EndedKeys(Arc<Mutex<HashSet<String>>>);

impl EndedKeys {
    /// The key in this secret lets nobody in any more.
    pub fn note(&self, secret_arn: &str) {
        self.all().insert(secret_arn.into());
    }

    /// There is another one.
    pub fn forget(&self, secret_arn: &str) {
        self.all().remove(secret_arn);
    }

    /// It was found dead.
    pub fn has(&self, secret_arn: &str) -> bool {
        self.all().contains(secret_arn)
    }

    fn all(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
