//! What an invocation has found out about its turn.

use std::sync::atomic::{AtomicBool, Ordering};

/// What an invocation has found out about its turn.
#[derive(Default)]
pub struct Found {
    lost: AtomicBool,
    late: AtomicBool,
}

impl Found {
    /// Another one goes on.
    pub fn note_lost(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// Another one goes on, as far as was looked.
    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// A write of ours came after another one had ended with another password.
    pub fn note_late(&self) {
        self.late.store(true, Ordering::Relaxed);
    }

    /// A write of ours came too late.
    pub fn is_late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }

    /// The same, and it begins anew: nothing is found yet.
    pub fn takes_late(&self) -> bool {
        let late = self.late.swap(false, Ordering::Relaxed);
        if late {
            self.lost.store(false, Ordering::Relaxed);
        }
        late
    }
}
