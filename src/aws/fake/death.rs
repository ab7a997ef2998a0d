//! The death of whoever calls the AWS in memory, between two calls; and the word to stop, at one.

use tokio_util::sync::CancellationToken;

use super::Fake;

impl Fake {
    /// Whoever calls is killed once so many more calls have taken effect: the next one panics. `None`: nobody is killed any more.
    pub fn dies_after(&self, calls: Option<usize>) {
        self.world().dies_after = calls;
    }

    /// Whoever calls is told to stop once so many more calls have taken effect.
    pub fn stops_at(&self, calls: usize, stop: CancellationToken) {
        self.world().stops_at = Some((calls, stop));
    }

    pub(super) fn is_alive(&self) {
        let mut world = self.world();
        let dead = world.dies_after == Some(0);
        world.dies_after = world.dies_after.map(|left| left.saturating_sub(1));
        match world.stops_at.take() {
            Some((0, stop)) => stop.cancel(),
            other => world.stops_at = other.map(|(left, stop)| (left - 1, stop)),
        }
        drop(world);
        assert!(!dead, "killed");
    }
}
