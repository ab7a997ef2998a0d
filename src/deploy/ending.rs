//! The end of an operation: waited for, and judged.

use std::time::Duration;

use super::{Deploy, explain};
use crate::outcome::Result;
use crate::quilt::stack::{Goal, Stack, Status, Verdict, classify};
use crate::wait::{Pace, Seen, until};

impl Deploy<'_> {
    /// Waits until no operation is going on; `None`: the stack is gone.
    pub async fn settle(&self, id: &str, limit: Duration) -> Result<Option<Stack>> {
        let settled = self.look_until(id, limit, |s| s.is_none_or(|s| s.settled())).await?;
        Ok(settled.filter(|s| s.status.exists()))
    }

    /// Waits for a goal and explains when it is missed.
    pub(super) async fn reach(&self, goal: Goal, id: &str, limit: Duration) -> Result<Stack> {
        let stack = self.look_until(id, limit, |s| classify(goal, s) != Verdict::Pending).await?;
        self.ended(goal, id, stack).await
    }

    /// What the end of an operation means: the goal, or why it was missed.
    pub(super) async fn ended(&self, goal: Goal, id: &str, stack: Option<Stack>) -> Result<Stack> {
        match (classify(goal, stack.as_ref().map(|s| &s.status)), stack) {
            (Verdict::Reached, stack) => Ok(stack.unwrap_or_default()),
            (_, Some(stack)) => Err(self.failure(goal, &stack).await),
            (_, None) => Err(explain::gone(id)),
        }
    }

    pub(super) async fn look_until(&self, id: &str, limit: Duration, done: impl Fn(Option<&Status>) -> bool) -> Result<Option<Stack>> {
        until(self.cx, Pace::within(limit), async || {
            let stack = self.aws.stacks.find(id).await?;
            Ok(match stack.as_ref().map(|s| &s.status) {
                status if done(status) => Seen::Done(stack),
                Some(status) => Seen::Pending(status.doing()),
                None => Seen::Done(None),
            })
        })
        .await
    }
}
