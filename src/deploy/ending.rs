//! The end of an operation: waited for until it is seen, and judged. What CloudFormation showed before a write of ours is not believed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::failure::listed_with_ids;
use super::{Deploy, explain};
use crate::cloudformation::ended::{self, is_later, left};
use crate::cloudformation::stack::{Event, Stack};
use crate::cloudformation::status::{Goal, Status, Verdict, classify};
use crate::outcome::{AwsErrorKind, Result};
use crate::tf::Report;
use crate::wait::{APART, Pace, Seen, twice, until};

/// What has been shown for so long is true, whatever the events say.
const CERTAIN: Duration = Duration::from_secs(300);

/// What goes on while the stack is not shown.
const UNSEEN: &str = "CloudFormation does not show the stack";

/// A write of ours that CloudFormation has accepted.
pub(super) struct Begun<'a> {
    /// The stack's ARN.
    pub id: &'a str,
    /// The operation's token.
    pub token: &'a str,
    /// The stack as it was before; `None`: there was none, so that all that is shown of its ARN is later.
    pub before: Option<&'a Stack>,
}

/// What the looks so far have told.
#[derive(Default)]
struct Looks {
    /// Since when it is said to be gone.
    absent: Option<Instant>,
    /// Since when it looks settled, and otherwise than before.
    settled: Option<Instant>,
    /// An operation was seen.
    moving: bool,
    /// Its events may not be read.
    denied: bool,
}

impl Looks {
    /// Absence that is said again, some time later.
    fn is_gone(&mut self) -> bool {
        self.absent.get_or_insert_with(Instant::now).elapsed() >= APART
    }
}

fn locked(looks: &Mutex<Looks>) -> MutexGuard<'_, Looks> {
    looks.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unseen<T>() -> Result<Seen<T>> {
    Ok(Seen::Pending(UNSEEN.into()))
}

impl Deploy<'_> {
    /// The stack of a name or an ARN; `None`: there is none, which is said twice, or it is deleted.
    pub async fn find(&self, stack: &str) -> Result<Option<Stack>> {
        let found = twice(self.cx, async || self.aws.stacks.find(stack).await).await?;
        Ok(found.filter(|s| s.status.exists()))
    }

    /// Waits until no operation is going on; `None`: the stack is gone.
    pub async fn settle(&self, id: &str, limit: Duration) -> Result<Option<Stack>> {
        let settled = self.look_until(id, limit, Status::settled).await?;
        Ok(settled.filter(|s| s.status.exists()))
    }

    /// Looks at a stack that nobody has just written to; `None`: it is gone.
    pub(super) async fn look_until(
        &self,
        id: &str,
        limit: Duration,
        done: impl Fn(&Status) -> bool,
    ) -> Result<Option<Stack>> {
        let looks = Mutex::new(Looks::default());
        until(self.cx, Pace::within(limit), async || {
            let stack = self.aws.stacks.find(id).await?;
            let mut looks = locked(&looks);
            Ok(match stack {
                None if looks.is_gone() => Seen::Done(None),
                None => return unseen(),
                Some(stack) if done(&stack.status) => Seen::Done(Some(stack)),
                Some(stack) => {
                    looks.absent = None;
                    Seen::Pending(stack.status.doing())
                }
            })
        })
        .await
    }

    /// Waits for a goal and explains when it is missed.
    pub(super) async fn reach(
        &self,
        goal: Goal,
        begun: &Begun<'_>,
        limit: Duration,
    ) -> Result<Stack> {
        let stack = self.end_of(begun, limit).await?;
        self.ended(goal, begun.id, stack).await
    }

    /// What the end of an operation means: the goal, or why it was missed.
    pub(super) async fn ended(&self, goal: Goal, id: &str, stack: Option<Stack>) -> Result<Stack> {
        if let Some(stack) = &stack {
            self.tell_going(stack).await;
        }
        match (classify(goal, stack.as_ref().map(|s| &s.status)), stack) {
            (Verdict::Reached, stack) => Ok(stack.unwrap_or_default()),
            (_, Some(stack)) => Err(self.failure(goal, &stack).await),
            (_, None) => Err(explain::gone(id)),
        }
    }

    /// Waits for the end of what was begun; `None`: the stack is gone. CloudFormation accepts a write before it shows it, and not every
    /// look is as new as the one before.
    pub(super) async fn end_of(&self, begun: &Begun<'_>, limit: Duration) -> Result<Option<Stack>> {
        let looks = Mutex::new(Looks::default());
        until(self.cx, Pace::within(limit), async || match self.aws.stacks.find(begun.id).await? {
            // An ARN that was just given out stands for a stack, shown or not.
            None if begun.before.is_none() => unseen(),
            None if locked(&looks).is_gone() => Ok(Seen::Done(None)),
            None => unseen(),
            Some(stack) => {
                locked(&looks).absent = None;
                self.as_later(begun, stack, &looks).await
            }
        })
        .await
    }

    async fn as_later(
        &self,
        begun: &Begun<'_>,
        stack: Stack,
        looks: &Mutex<Looks>,
    ) -> Result<Seen<Option<Stack>>> {
        // A creation that goes by change set stays in review until it is seen to begin.
        let review = begun.before.is_none() && stack.status == Status::ReviewInProgress;
        if review || !stack.status.settled() {
            self.tell_going(&stack).await;
            self.keep_evidence(&stack).await;
            let mut looks = locked(looks);
            (looks.moving, looks.settled) = (true, None);
            return Ok(Seen::Pending(stack.status.doing()));
        }
        match begun.before {
            Some(before)
                if stack.status.exists()
                    && !self.believes(begun, (before, &stack), looks).await? =>
            {
                Ok(Seen::Pending(format!("the stack looks as before ({})", stack.status)))
            }
            _ => Ok(Seen::Done(Some(stack))),
        }
    }

    /// What is shown, `now`, is later than the write.
    async fn believes(
        &self,
        begun: &Begun<'_>,
        (before, now): (&Stack, &Stack),
        looks: &Mutex<Looks>,
    ) -> Result<bool> {
        let changed = ended::has_changed(before, now);
        let since = changed.then(|| *locked(looks).settled.get_or_insert_with(Instant::now));
        if since.is_some_and(|since| since.elapsed() >= CERTAIN) {
            return Ok(true);
        }
        let denied = locked(looks).denied;
        let events = if denied { None } else { self.recent(begun.id).await? };
        let Some(events) = events else {
            let mut looks = locked(looks);
            looks.denied = true;
            return Ok(changed || (looks.moving && !now.status.usable()));
        };
        let later = is_later((before, now), &events, begun.token);
        if later {
            self.tell_left(now, &left(&events, begun.token));
        }
        Ok(later)
    }

    /// The stack's newest events; `None`: they may not be read, which is said once.
    async fn recent(&self, id: &str) -> Result<Option<Vec<Event>>> {
        match self.aws.stacks.recent(id).await {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(Some(vec![])),
            Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {
                let detail = format!(
                    "{e}\n\nThe events tell for certain when an operation has ended. Without them the time of the stack's last change is \
                     taken for it. Allow `cloudformation:DescribeStackEvents`."
                );
                self.cx.notes.tell(|d| d.warn("The events of stacks may not be read", detail));
                Ok(None)
            }
            events => events.map(Some),
        }
    }

    /// Says what an update should have deleted and could not.
    fn tell_left(&self, stack: &Stack, left: &[&Event]) {
        if left.is_empty() || !stack.status.usable() {
            return;
        }
        let detail = format!(
            "The update is complete, and what it replaced or took out of the template could not all be deleted. It is no part of the stack \
             any more, and stays in AWS until somebody deletes it:\n{}",
            listed_with_ids(left)
        );
        self.cx
            .notes
            .tell(|d| d.warn(format!("Stack {} left something behind", stack.name), detail));
    }
}
