//! A moment of an operation, as it is shown.

use crate::cloudformation::progress::{Progress, Times};
use crate::cloudformation::stack::Event;

/// A moment of an operation.
pub struct Scene<'a> {
    /// The stack's name.
    pub name: &'a str,
    /// Its ARN.
    pub id: &'a str,
    /// The operation's events, newest first.
    pub events: &'a [Event],
    /// How far it is.
    pub progress: Progress,
    /// Resources that a creation makes.
    pub declared: Option<usize>,
    /// How long everything took before.
    pub times: Times,
    /// How far the stacks nested in it are, by ARN.
    pub nested: Vec<(String, Progress)>,
}

impl Scene<'_> {
    /// Resources in all, as far as is known.
    pub fn total(&self) -> usize {
        self.declared.unwrap_or_default().max(self.progress.seen)
    }
}
