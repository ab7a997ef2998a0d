//! A look for drift: begun as soon as nothing else goes on with the stack, waited for, and told without what Quilt changes itself.

use super::Deploy;
use crate::cloudformation::drift::{Detection, Drift};
use crate::cloudformation::stack::Stack;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::placeholder::is_meant;
use crate::wait::{Pace, Seen, until, write};

/// What a look for drift has found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drifted {
    /// What is otherwise than the template says.
    pub found: Vec<Drift>,
    /// How many policies are otherwise because Quilt has written into them: that is meant, and they are left out.
    pub meant: usize,
    /// Why not everything was looked at.
    pub overlooked: Option<String>,
}

impl Deploy<'_> {
    /// Has CloudFormation compare a stack with its template.
    ///
    /// # Errors
    /// It may not be looked at, or the time is over.
    pub async fn drift(&self, stack: &Stack, pace: Pace) -> Result<Drifted> {
        let id = self.begin_drift(stack, pace).await?;
        let overlooked = self.end_drift(stack, &id, pace).await?;
        let all = self.aws.drifts.drifted(&stack.id).await?;
        let (meant, found): (Vec<_>, Vec<_>) = all.into_iter().partition(|d| is_meant(stack, d));
        Ok(Drifted { found, meant: meant.len(), overlooked })
    }

    /// Begins to look, as soon as nothing else goes on with the stack and nobody else looks.
    async fn begin_drift(&self, stack: &Stack, pace: Pace) -> Result<String> {
        let doing = format!("a look for drift of stack {} was about to begin", stack.name);
        until(self.cx, pace, async || {
            match write(self.cx, &doing, self.aws.drifts.detect(&stack.id)).await {
                Ok(id) => Ok(Seen::Done(id)),
                Err(e) if e.aws() == Some(AwsErrorKind::State) => {
                    Ok(Seen::Pending(format!("something else goes on with stack {}", stack.name)))
                }
                Err(e) => Err(e),
            }
        })
        .await
    }

    /// Waits for the end of a look; `Some`: why not everything was looked at.
    async fn end_drift(&self, stack: &Stack, id: &str, pace: Pace) -> Result<Option<String>> {
        until(self.cx, pace, async || {
            Ok(match self.aws.drifts.detection(id).await? {
                Detection::Underway => {
                    Seen::Pending(format!("stack {} is compared with its template", stack.name))
                }
                Detection::Complete => Seen::Done(None),
                Detection::Partial(why) => Seen::Done(Some(why)),
            })
        })
        .await
    }
}
