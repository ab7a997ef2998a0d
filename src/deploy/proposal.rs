//! A change set: made, waited for, read and judged; and taken away again.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::{Deploy, SHOWN, explain};
use crate::cloudformation::changes::{Consequence, Progress, Proposal, judge};
use crate::cloudformation::stack::{Order, Stack};
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};
use crate::quilt::token;
use crate::wait::{Pace, Seen, last, until, write};

/// Furthest apart that a change set is looked at: most are ready within seconds.
const FURTHEST: Duration = Duration::from_secs(3);

/// How long clearing up may take: the next update does it as well.
const TIDY: Duration = Duration::from_secs(20);

impl Deploy<'_> {
    /// Has an update compared with the stack and judged; `None`: it would touch no resource. The change set `name` stays only when there
    /// is something to carry out.
    pub(super) async fn propose(
        &self,
        stack: &Stack,
        order: &Order,
        name: &str,
        limit: Duration,
    ) -> Result<Option<Vec<Consequence>>> {
        let stopped = self.cx.stop.is_cancelled();
        let doing = "the update was about to be compared with the stack";
        let made = write(self.cx, doing, self.aws.stacks.propose(&stack.id, order, name)).await;
        let judged = match accepted(made, ()) {
            Ok(()) => self.compared_as_stored(stack, order, name, limit).await,
            Err(e) if stopped || answered(&e) => return Err(e),
            Err(e) => Err(e),
        };
        if !matches!(judged, Ok(Some(_))) {
            self.withdraw(stack, name).await;
        }
        judged
    }

    async fn compared_as_stored(
        &self,
        stack: &Stack,
        order: &Order,
        name: &str,
        limit: Duration,
    ) -> Result<Option<Vec<Consequence>>> {
        let judged = self.compared(stack, name, limit).await?;
        if judged.is_some() {
            self.as_stored(&stack.id, order, name).await?;
        }
        Ok(judged)
    }

    async fn compared(
        &self,
        stack: &Stack,
        name: &str,
        limit: Duration,
    ) -> Result<Option<Vec<Consequence>>> {
        let (pace, begun) = (Pace { most: FURTHEST, ..Pace::within(limit) }, Instant::now());
        let proposal = until(self.cx, pace, async || {
            Ok(match self.aws.stacks.proposal(&stack.id, name).await? {
                Some(Proposal { progress: Progress::Comparing, .. }) => {
                    Seen::Pending("the update is compared with the stack".into())
                }
                Some(proposal) => Seen::Done(proposal),
                None if begun.elapsed() < SHOWN => {
                    Seen::Pending("the change set is not shown yet".into())
                }
                None => Seen::Failed(explain::taken(AwsErrorKind::Gone)),
            })
        });
        let Proposal { progress, changes } = proposal.await?;
        match progress {
            Progress::Ready => Ok(Some(judge(self.with_nested(changes).await?))),
            Progress::Empty => Ok(None),
            Progress::Failed(reason) => Err(self.impossible(stack, name, &reason).await),
            Progress::Denied(message) => Err(Error::Aws(AwsError {
                kind: AwsErrorKind::Denied,
                doing: "make a change set",
                code: String::new(),
                message,
            })),
            Progress::Comparing | Progress::Underway | Progress::Spent => {
                Err(explain::taken(AwsErrorKind::State))
            }
        }
    }

    /// Takes a change set away; `false`: it may be left, and is cleared by the next update.
    pub(super) async fn withdraw(&self, stack: &Stack, name: &str) -> bool {
        matches!(last(self.cx, self.aws.stacks.withdraw(&stack.id, name)).await, Some(Ok(())))
    }

    /// Takes away every change set of ours: those that were carried out, and what an end without a word has left. Somebody who loses one
    /// by this makes another.
    pub(super) async fn clear(&self, stack: &Stack) {
        let cleared = async {
            if let Some(Ok(names)) = last(self.cx, self.aws.stacks.proposals(&stack.id)).await {
                for name in names.iter().filter(|name| token::is_ours(name, &stack.id)) {
                    self.withdraw(stack, name).await;
                }
            }
        };
        drop(timeout(TIDY, cleared).await);
    }
}

/// A call that CloudFormation carried out although its answer was lost: it then knows the token, or the name, that is ours alone.
pub(super) fn accepted<T>(answer: Result<T>, done: T) -> Result<T> {
    match answer {
        Err(e) if e.aws() == Some(AwsErrorKind::Exists) => Ok(done),
        answer => answer,
    }
}

/// AWS has refused: nothing came of it.
pub(super) fn answered(e: &Error) -> bool {
    e.aws().is_some_and(|kind| kind != AwsErrorKind::Later)
}
