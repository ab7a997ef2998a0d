//! What may come at any call to the registry in memory: whoever calls dies before it or by its answer, or goes on without one.

use super::{Registry, World, error};
use crate::outcome::{CatalogErrorKind, Error, Result};

/// What comes at a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strike {
    /// Whoever calls dies before it.
    Death,
    /// It takes effect, and whoever calls dies before the answer.
    DeathByAnswer,
    /// It takes effect, and the answer is lost.
    Silence,
    /// The registry fails at it, and nothing takes effect.
    Fault,
}

impl Strike {
    /// All of them.
    pub const ALL: [Strike; 4] =
        [Strike::Death, Strike::DeathByAnswer, Strike::Silence, Strike::Fault];
}

impl Registry {
    /// This comes at the call after so many.
    pub fn strikes(&self, calls: usize, strike: Strike) {
        self.world().strike = Some((calls, strike));
    }

    /// Nothing comes any more; whether it had come.
    pub fn calm(&self) -> bool {
        self.world().strike.take().is_none()
    }

    /// Everything that it holds, but for when and by whom.
    pub fn portrait(&self) -> Vec<String> {
        let world = self.world();
        let mut all: Vec<String> = world.roles.iter().map(|one| format!("{one:?}")).collect();
        all.extend(world.seen_policies().iter().map(|one| format!("{one:?}")));
        all.extend(world.users.iter().map(|one| format!("{one:?}")));
        all.extend(world.buckets.values().map(|one| format!("{one:?}")));
        all.extend(world.tables.iter().map(|one| format!("{one:?}")));
        all.sort();
        let once = (&world.mails, &world.default_role, &world.mapped);
        all.push(format!("{once:?}"));
        all
    }

    /// What comes at this call, before anything takes effect.
    pub(super) fn struck(&self) -> Result<Option<Strike>> {
        let mut world = self.world();
        let now = world.struck();
        // The lock is given back first: whoever dies must not take it along.
        drop(world);
        match now {
            Some(Strike::Death) => panic!("killed before a call to the registry"),
            Some(Strike::Fault) => Err(error(CatalogErrorKind::Fault, "")),
            now => Ok(now),
        }
    }
}

impl World {
    fn struck(&mut self) -> Option<Strike> {
        let (left, strike) = self.strike?;
        self.strike = left.checked_sub(1).map(|left| (left, strike));
        (left == 0).then_some(strike)
    }
}

impl Strike {
    /// What becomes of the answer to a call that took effect.
    pub(super) fn answered<T>(strike: Option<Self>, answer: Result<T>) -> Result<T> {
        match strike {
            Some(Strike::DeathByAnswer) => panic!("killed before the registry's answer"),
            Some(Strike::Silence) => Err(unanswered()),
            _ => answer,
        }
    }
}

fn unanswered() -> Error {
    error(CatalogErrorKind::Unreached, "")
}
