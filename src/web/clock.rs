//! What time it is.

#[cfg(not(test))]
use time::OffsetDateTime;

/// The clock on the wall; in tests another one, which begins where every test begins and is moved on.
#[derive(Clone, Default)]
pub struct Clock {
    #[cfg(test)]
    moved: std::sync::Arc<std::sync::atomic::AtomicI64>,
}

#[cfg(not(test))]
impl Clock {
    /// Now, in seconds since 1970.
    pub fn now(&self) -> i64 {
        OffsetDateTime::now_utc().unix_timestamp()
    }
}

#[cfg(test)]
impl Clock {
    /// The first moment of December 2026, and what went by since.
    pub fn now(&self) -> i64 {
        1_796_083_200 + self.moved.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// So many days go by.
    pub fn passes(&self, days: i64) {
        self.moved.fetch_add(days * 24 * 3600, std::sync::atomic::Ordering::SeqCst);
    }
}
