//! An update goes by change set: made, judged, carried out, waited for.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::ending::Begun;
use super::proposal::{accepted, answered};
use super::{Deploy, explain};
use crate::cloudformation::changes::{Consequence, refused, unshown};
use crate::cloudformation::stack::{Order, Stack};
use crate::cloudformation::stack_policy::{Barred, Policies, Turn};
use crate::cloudformation::status::{Goal, Status};
use crate::outcome::{Error, Result};
use crate::quilt::database::IN_PLACE;
use crate::quilt::token;
use crate::wait::{last, write};

/// What goes on while an update is sent.
const ABOUT: &str = "the stack was about to be updated";

/// A stack after an update.
pub struct Updated {
    /// As it is afterwards.
    pub stack: Stack,
    /// What was done to its resources; `None`: nothing was sent.
    pub changes: Option<Vec<Consequence>>,
    /// The new stack policy was set already, because the one before did not allow the update.
    pub policed: bool,
}

/// What an update would do.
pub struct Previewed {
    /// To the stack's resources.
    pub changes: Vec<Consequence>,
    /// What it is allowed to replace or delete.
    pub replaceable: Option<BTreeSet<String>>,
    /// The change set that could not be taken away again.
    pub left: Option<String>,
    /// When the new stack policy is to be set.
    pub turn: std::result::Result<Turn, Barred>,
}

/// Why an update with these changes is refused; `None`: it may be.
pub fn refusal(changes: &[Consequence], replaceable: &Option<BTreeSet<String>>) -> Option<Error> {
    // A resource of ours has no word to allow it by, and needs none for what RDS is known to change in place.
    let settled: &[&str] = if replaceable.is_none() { &IN_PLACE } else { &[] };
    let refused = refused(changes, &replaceable.clone().unwrap_or_default(), settled);
    (!refused.is_empty()).then(|| explain::refused(&refused, replaceable.is_some()))
}

/// Why the stack policies around an update do not let it happen.
pub fn barred(barred: &Barred) -> Error {
    explain::barred(barred)
}

/// How long a preview is waited for.
const PREVIEW: Duration = Duration::from_secs(600);

impl Deploy<'_> {
    /// The stack, once no operation is going on, as it takes an update.
    ///
    /// # Errors
    /// It is gone, or takes none as it is.
    pub async fn ready(&self, id: &str, limit: Duration) -> Result<Stack> {
        let Some(stack) = self.settle(id, limit).await? else { return Err(explain::gone(id)) };
        match stack.status.updatable() {
            true => Ok(stack),
            false => Err(self.failure(Goal::Updated, &stack).await),
        }
    }

    /// CloudFormation has taken an update that was sent this way: it goes on by itself.
    pub fn sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    /// An update that ended so has left the stack as it was before, for certain: it was rolled back, or never began.
    pub async fn undone(&self, stack: &str, e: &Error) -> bool {
        if !(matches!(e, Error::Failed { .. } | Error::Config { .. }) || answered(e)) {
            return false;
        }
        let rolled_back = |now: &Stack| now.status == Status::UpdateRollbackComplete;
        !self.sent() || matches!(self.find(stack).await, Ok(Some(now)) if rolled_back(&now))
    }

    /// What an update would do. Nothing of the stack is touched, and the change set is taken away again.
    ///
    /// # Errors
    /// The update is impossible, or may not be compared.
    pub async fn preview(&self, stack: &Stack, order: &Order) -> Result<Previewed> {
        let name = token::preview(&stack.id);
        let changes = self.propose(stack, order, &name, PREVIEW).await?;
        let left =
            if changes.is_some() && !self.withdraw(stack, &name).await { Some(name) } else { None };
        let changes = changes.unwrap_or_default();
        Ok(Previewed {
            turn: order.policies.turn(&changes),
            changes,
            replaceable: order.replaceable.clone(),
            left,
        })
    }

    /// Carries an update out, if it is one and may be, and waits for it.
    pub(super) async fn bring(
        &self,
        stack: &Stack,
        order: &Order,
        limit: Duration,
    ) -> Result<Updated> {
        self.bring_told(stack, order, limit, &mut |_| {}).await
    }

    /// The same; `told` hears the resources by logical id that it would end although the plan does not allow for it.
    pub(super) async fn bring_told(
        &self,
        stack: &Stack,
        order: &Order,
        limit: Duration,
        told: &mut (impl FnMut(Vec<String>) + Send),
    ) -> Result<Updated> {
        let name = token::proposal(&stack.id);
        let Some(judged) = self.propose(stack, order, &name, limit).await? else {
            self.clear(stack).await;
            return self.without_resources(stack, order, limit).await;
        };
        let unshown = unshown(&judged, order.ends.as_ref(), &order.rests);
        told(unshown.iter().map(|judged| judged.change.logical_id.clone()).collect());
        let unshown = || explain::unshown(&unshown, order.ends.is_some());
        let turn = order.policies.turn(&judged);
        let barred = || turn.as_ref().err().map(explain::barred);
        if let Some(refusal) = refusal(&judged, &order.replaceable).or_else(unshown).or_else(barred)
        {
            self.withdraw(stack, &name).await;
            self.clear(stack).await;
            return Err(refusal);
        }
        let policed = turn == Ok(Turn::First);
        let stack = match &order.policies {
            Policies { now: Some(now), then: Some(then) } if policed => {
                self.loosen(stack, &name, then).await?;
                let updated = self.carry_out(stack, order, &name, limit).await;
                self.tightened(&stack.id, now, updated).await?
            }
            _ => self.carry_out(stack, order, &name, limit).await?,
        };
        Ok(Updated { stack, changes: Some(judged), policed })
    }

    /// Sets the policy that allows the update.
    async fn loosen(&self, stack: &Stack, name: &str, policy: &str) -> Result<()> {
        let set =
            write(self.cx, ABOUT, self.aws.stacks.set_policy(&stack.id, Some(policy), None)).await;
        if set.is_err() {
            self.withdraw(stack, name).await;
        }
        set
    }

    /// Sets the policy from before again where the update failed or never began. One that may go on keeps the policy that allows it.
    async fn tightened(&self, stack: &str, policy: &str, updated: Result<Stack>) -> Result<Stack> {
        let Err(e) = updated else { return updated };
        let rests = async || matches!(last(self.cx, self.aws.stacks.find(stack)).await, Some(Ok(Some(now))) if now.status.settled());
        if !(matches!(e, Error::Failed { .. }) || answered(&e) && rests().await) {
            return Err(e);
        }
        let back = last(self.cx, self.aws.stacks.set_policy(stack, Some(policy), None)).await;
        Err(if matches!(back, Some(Ok(()))) { e } else { explain::loose(e) })
    }

    /// What a change set does not see: outputs, the role, topics.
    async fn without_resources(
        &self,
        stack: &Stack,
        order: &Order,
        limit: Duration,
    ) -> Result<Updated> {
        let token = token::update(&stack.id);
        match accepted(
            write(self.cx, ABOUT, self.aws.stacks.update(&stack.id, order, &token)).await,
            true,
        )? {
            true => {
                self.sent.store(true, Ordering::Relaxed);
                let begun = Begun { id: &stack.id, token: &token, before: Some(stack) };
                let stack = self.reach(Goal::Updated, &begun, limit).await?;
                Ok(Updated { stack, changes: Some(vec![]), policed: false })
            }
            false => Ok(Updated { stack: stack.clone(), changes: None, policed: false }),
        }
    }

    async fn carry_out(
        &self,
        stack: &Stack,
        order: &Order,
        name: &str,
        limit: Duration,
    ) -> Result<Stack> {
        if self.cx.stop.is_cancelled() {
            self.withdraw(stack, name).await;
            return Err(Error::Interrupted { doing: ABOUT.into() });
        }
        let (token, as_it_is) =
            (token::update(&stack.id), order.disable_rollback.unwrap_or_default());
        let sent =
            write(self.cx, ABOUT, self.aws.stacks.execute(&stack.id, name, as_it_is, &token)).await;
        if let Err(e) = accepted(sent, ()) {
            if answered(&e) {
                self.withdraw(stack, name).await;
            }
            return Err(e);
        }
        self.sent.store(true, Ordering::Relaxed);
        let ended = self
            .reach(
                Goal::Updated,
                &Begun { id: &stack.id, token: &token, before: Some(stack) },
                limit,
            )
            .await;
        if matches!(ended, Ok(_) | Err(Error::Failed { .. })) {
            self.clear(stack).await;
        }
        ended
    }
}
