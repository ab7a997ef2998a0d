//! How a creation begins: in one call, or by a change set where the template must be compared first.

use std::time::Duration;

use super::proposal::{accepted, answered};
use super::{Deploy, explain};
use crate::cloudformation::changes::{Progress, Proposal};
use crate::cloudformation::stack::{Order, Removal, Template};
use crate::cloudformation::status::Status;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::token;
use crate::tf::AttributePath;
use crate::wait::{Pace, Seen, last, until};

/// How long the change set of a creation is waited for.
const MADE: Duration = Duration::from_secs(600);

impl Deploy<'_> {
    /// Begins a creation and gives the stack's ARN.
    pub(super) async fn begin(&self, order: &Order, token: &str) -> Result<String> {
        match &order.template {
            Template::Loose { .. } => self.begin_by_set(order, token).await,
            _ => self.aws.stacks.create(order, token).await,
        }
    }

    /// The change set has the name of the token, which its execution gets too: so whose the stack is can be told at every moment. Killed before
    /// that, the stack stays in review, and the next creation makes it anew.
    async fn begin_by_set(&self, order: &Order, token: &str) -> Result<String> {
        if order.timeout_in_minutes.is_some()
            || order.policy_body.is_some()
            || order.policy_url.is_some()
        {
            return Err(no_versions());
        }
        // A change set would be added to what is in review already.
        if self.aws.stacks.find(&order.name).await?.is_some_and(|stack| stack.status.exists()) {
            return Err(explain::taken(AwsErrorKind::Exists));
        }
        let id = self.aws.stacks.draft(order, token).await?;
        let sent = match self.drafted(&id, order, token).await {
            Ok(()) => accepted(
                self.aws
                    .stacks
                    .execute(&id, token, order.disable_rollback.unwrap_or_default(), token)
                    .await,
                (),
            ),
            Err(e) => Err(e),
        };
        match sent {
            Err(e) if (e.aws().is_none() || answered(&e)) && self.in_review(&id).await => {
                let removal = Removal { role: order.role.clone(), ..Removal::default() };
                drop(
                    last(self.cx, self.aws.stacks.delete(&id, &removal, &token::deletion(&id)))
                        .await,
                );
                Err(e)
            }
            sent => sent.map(|()| id),
        }
    }

    /// Nothing of the stack was made: it may be taken away again.
    async fn in_review(&self, id: &str) -> bool {
        matches!(last(self.cx, self.aws.stacks.find(id)).await, Some(Ok(Some(stack))) if stack.status == Status::ReviewInProgress)
    }

    /// Waits for the change set and compares its template.
    async fn drafted(&self, id: &str, order: &Order, name: &str) -> Result<()> {
        let proposal = until(self.cx, Pace::within(MADE), async || {
            Ok(match self.aws.stacks.proposal(id, name).await? {
                None | Some(Proposal { progress: Progress::Comparing, .. }) => {
                    Seen::Pending("the stack is reviewed".into())
                }
                Some(proposal) => Seen::Done(proposal),
            })
        });
        match proposal.await?.progress {
            Progress::Ready => self.as_stored(id, order, name).await,
            Progress::Failed(reason) | Progress::Denied(reason) => Err(Error::Failed {
                state: format!("CloudFormation refuses the creation: {reason}"),
                next: "Correct the configuration and apply again. Nothing was made.".into(),
            }),
            _ => Err(explain::taken(AwsErrorKind::State)),
        }
    }

    /// The template that CloudFormation has read is the one that was stored, where another could have been put there meanwhile.
    ///
    /// # Errors
    /// It is another one.
    pub(super) async fn as_stored(&self, id: &str, order: &Order, name: &str) -> Result<()> {
        let Template::Loose { url, digest } = &order.template else { return Ok(()) };
        match crate::cloudformation::template::digest(&self.aws.stacks.proposed_template(id, name).await?) == *digest {
            true => Ok(()),
            false => Err(Error::Failed {
                state: format!("CloudFormation has read another template than was stored at {url}: somebody wrote over it. Nothing was changed."),
                next: "Find out who else writes to this bucket, and turn its versioning on: then the version that was stored is the one that is read."
                    .into(),
            }),
        }
    }
}

fn no_versions() -> Error {
    let what = "The bucket for templates keeps no versions, so the creation goes by change set, which takes neither `timeout_in_minutes` nor a stack policy.";
    Error::config(
        AttributePath::root(),
        what,
        "Turn versioning on for `template_bucket`, or leave these arguments out.",
    )
}
