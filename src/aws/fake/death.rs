//! What befalls whoever calls the AWS in memory, between two calls: death, the word to stop, and whatever else happens in the meantime.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::Fake;

/// What befalls whoever calls.
#[derive(Default)]
pub struct Fate {
    dies_after: Option<usize>,
    stops_at: Option<(usize, CancellationToken)>,
    meanwhile: Option<Meanwhile>,
}

/// What happens before a call takes effect, by the call's name.
type Meanwhile = Arc<dyn Fn(&Fake, &str) + Send + Sync>;

impl Fake {
    /// Whoever calls is killed once so many more calls have taken effect: the next one panics. `None`: nobody is killed any more.
    pub fn dies_after(&self, calls: Option<usize>) {
        self.world().fate.dies_after = calls;
    }

    /// Whoever calls is told to stop once so many more calls have taken effect.
    pub fn stops_at(&self, calls: usize, stop: CancellationToken) {
        self.world().fate.stops_at = Some((calls, stop));
    }

    /// Something happens before each call, which may call this AWS itself.
    pub fn meanwhile(&self, happens: impl Fn(&Self, &str) + Send + Sync + 'static) {
        self.world().fate.meanwhile = Some(Arc::new(happens));
    }

    pub(super) fn is_alive(&self, call: &str) {
        let meanwhile = self.world().fate.meanwhile.clone();
        if let Some(happens) = meanwhile {
            happens(self, call);
        }
        let mut world = self.world();
        let fate = &mut world.fate;
        let dead = fate.dies_after == Some(0);
        fate.dies_after = fate.dies_after.map(|left| left.saturating_sub(1));
        match fate.stops_at.take() {
            Some((0, stop)) => stop.cancel(),
            other => fate.stops_at = other.map(|(left, stop)| (left - 1, stop)),
        }
        drop(world);
        assert!(!dead, "killed");
    }
}
