//! How old stacks are.

use std::time::Duration;

use super::Fake;

impl Fake {
    /// How long ago every stack completed.
    pub fn aged(&self, age: Duration) {
        self.world().age = Some(age);
    }
}
