//! What happens to stacks in memory by the clock: events that are told one after the other.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Fake;
use crate::cloudformation::stack::Event;

/// Events in one answer at most.
const PAGE: usize = 100;

/// Events of stacks by ARN, oldest first, and when the clock began.
#[derive(Default)]
pub struct Timeline(Option<Instant>, BTreeMap<String, Vec<Event>>);

impl Timeline {
    /// What of a stack has happened by now, newest first; `None`: nobody has spoken of it.
    pub fn told(&self, stack: &str) -> Option<Vec<Event>> {
        let now = self.0?.elapsed();
        let by_now = |e: &&Event| Duration::from_millis(e.at.max(0).unsigned_abs()) <= now;
        Some(self.1.get(stack)?.iter().filter(by_now).rev().cloned().collect())
    }

    /// The same, as much as one answer holds.
    pub fn newest(&self, stack: &str) -> Option<Vec<Event>> {
        self.told(stack).map(|events| events.into_iter().take(PAGE).collect())
    }
}

impl Fake {
    /// What happens to a stack: events, oldest first, whose times are milliseconds from now on.
    pub fn timeline(self, stack: &str, events: Vec<Event>) -> Self {
        let mut world = self.world();
        world.timeline.0.get_or_insert_with(Instant::now);
        world.timeline.1.insert(stack.into(), events);
        drop(world);
        self
    }
}
