//! The death of whoever calls the AWS in memory, between two calls.

use super::Fake;

impl Fake {
    /// Whoever calls is killed once so many more calls have taken effect: the next one panics. `None`: nobody is killed any more.
    pub fn dies_after(&self, calls: Option<usize>) {
        self.world().dies_after = calls;
    }

    pub(super) fn is_alive(&self) {
        let mut world = self.world();
        let dead = world.dies_after == Some(0);
        world.dies_after = world.dies_after.map(|left| left.saturating_sub(1));
        drop(world);
        assert!(!dead, "killed");
    }
}
