//! An update goes by change set: made, judged, carried out, waited for.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ending::Begun;
use super::proposal::{accepted, answered};
use super::{Deploy, explain};
use crate::outcome::{Error, Result};
use crate::quilt::changes::{Judged, refused, unshown};
use crate::quilt::database::IN_PLACE;
use crate::quilt::stack::{Goal, Order, Stack};
use crate::quilt::token;
use crate::wait::write;

/// What goes on while an update is sent.
const ABOUT: &str = "the stack was about to be updated";

/// A stack after an update.
pub struct Updated {
    /// It.
    pub stack: Stack,
    /// What was done to its resources; `None`: nothing was sent.
    pub changes: Option<Vec<Judged>>,
}

/// What an update would do.
pub struct Previewed {
    /// To the stack's resources.
    pub changes: Vec<Judged>,
    /// What it is allowed to replace or delete.
    pub replaceable: Option<BTreeSet<String>>,
    /// The change set that could not be taken away again.
    pub left: Option<String>,
}

/// Why an update with these changes is refused; `None`: it may be.
pub fn refusal(changes: &[Judged], replaceable: &Option<BTreeSet<String>>) -> Option<Error> {
    // A resource of ours has no word to allow it by, and needs none for what RDS is known to change in place.
    let settled: &[&str] = if replaceable.is_none() { &IN_PLACE } else { &[] };
    let refused = refused(changes, &replaceable.clone().unwrap_or_default(), settled);
    (!refused.is_empty()).then(|| explain::refused(&refused, replaceable.is_some()))
}

/// How long a preview is waited for.
const PREVIEW: Duration = Duration::from_secs(600);

impl Deploy<'_> {
    /// What an update would do. Nothing of the stack is touched, and the change set is taken away again.
    ///
    /// # Errors
    /// The update is impossible, or may not be compared.
    pub async fn preview(&self, stack: &Stack, order: &Order) -> Result<Previewed> {
        let name = token::preview(&stack.id);
        let changes = self.propose(stack, order, &name, PREVIEW).await?;
        let left = if changes.is_some() && !self.withdraw(stack, &name).await { Some(name) } else { None };
        Ok(Previewed { changes: changes.unwrap_or_default(), replaceable: order.replaceable.clone(), left })
    }

    /// Carries an update out, if it is one and may be, and waits for it.
    pub(super) async fn bring(&self, stack: &Stack, order: &Order, limit: Duration) -> Result<Updated> {
        let name = token::proposal(&stack.id);
        let Some(judged) = self.propose(stack, order, &name, limit).await? else {
            self.clear(stack).await;
            return self.without_resources(stack, order, limit).await;
        };
        let unshown = || explain::unshown(&unshown(&judged, order.ends.as_ref(), &order.rests));
        if let Some(refusal) = refusal(&judged, &order.replaceable).or_else(unshown) {
            self.withdraw(stack, &name).await;
            self.clear(stack).await;
            return Err(refusal);
        }
        let stack = self.carry_out(stack, order, &name, limit).await?;
        Ok(Updated { stack, changes: Some(judged) })
    }

    /// What a change set does not see: outputs, the role, topics.
    async fn without_resources(&self, stack: &Stack, order: &Order, limit: Duration) -> Result<Updated> {
        let token = token::update(&stack.id);
        match accepted(write(self.cx, ABOUT, self.aws.stacks.update(&stack.id, order, &token)).await, true)? {
            true => {
                let begun = Begun { id: &stack.id, token: &token, before: Some(stack) };
                Ok(Updated { stack: self.reach(Goal::Updated, &begun, limit).await?, changes: Some(vec![]) })
            }
            false => Ok(Updated { stack: stack.clone(), changes: None }),
        }
    }

    async fn carry_out(&self, stack: &Stack, order: &Order, name: &str, limit: Duration) -> Result<Stack> {
        if self.cx.stop.is_cancelled() {
            self.withdraw(stack, name).await;
            return Err(Error::Interrupted { doing: ABOUT.into() });
        }
        let (token, as_it_is) = (token::update(&stack.id), order.disable_rollback.unwrap_or_default());
        let sent = write(self.cx, ABOUT, self.aws.stacks.execute(&stack.id, name, as_it_is, &token)).await;
        if let Err(e) = accepted(sent, ()) {
            if answered(&e) {
                self.withdraw(stack, name).await;
            }
            return Err(e);
        }
        let ended = self.reach(Goal::Updated, &Begun { id: &stack.id, token: &token, before: Some(stack) }, limit).await;
        if matches!(ended, Ok(_) | Err(Error::Failed { .. })) {
            self.clear(stack).await;
        }
        ended
    }
}
