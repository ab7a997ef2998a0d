//! How many resources of a stack an operation has done with, said while it lasts.

use std::time::Duration;

use super::Deploy;
use crate::cloudformation::stack::count;
use crate::wait::{last, meanwhile};

/// How often the resources are looked at.
const PAUSE: Duration = Duration::from_secs(9);

impl Deploy<'_> {
    /// Does something with a stack that lasts, and counts meanwhile what of it is done. Nobody listens, or it may not be looked at: not counted.
    pub async fn counted<T>(&self, id: &str, work: impl Future<Output = T>) -> T {
        if !self.cx.progress.heard() {
            return work.await;
        }
        let done = meanwhile(PAUSE, work, async || {
            if let Some(Ok(parts)) = last(self.cx, self.aws.stacks.parts(id)).await {
                self.cx.progress.count(count(&parts));
            }
        });
        let done = done.await;
        self.cx.progress.count(String::new());
        done
    }
}
