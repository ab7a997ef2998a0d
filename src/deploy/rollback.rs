//! A rollback that failed: what it could not restore, and going on with it.

use std::time::Duration;

use super::ending::Begun;
use super::proposal::accepted;
use super::{Deploy, explain, name_of};
use crate::cloudformation::stack::{Part, Skip, is_stack};
use crate::cloudformation::status::Status;
use crate::outcome::Result;
use crate::quilt::token;
use crate::wait::write;

impl Deploy<'_> {
    /// Lets CloudFormation go on with a rollback that failed, and waits for its end. A stack that is not stuck is left alone. `skip` says what
    /// counts as rolled back.
    ///
    /// # Errors
    /// The rollback failed again, with every resource that it could not restore.
    pub async fn continue_rollback(
        &self,
        id: &str,
        skip: &Skip,
        role: Option<&str>,
        limit: Duration,
    ) -> Result<()> {
        let _turn = self.cx.turns.take(name_of(id)).await;
        let Some(stack) = self.settle(id, limit).await? else { return Err(explain::gone(id)) };
        if stack.status != Status::UpdateRollbackFailed {
            return Ok(());
        }
        let token = token::rollback(&stack.id);
        let go_on = self.aws.stacks.continue_rollback(&stack.id, skip, role, &token);
        accepted(write(self.cx, "the rollback was about to be continued", go_on).await, ())?;
        let ended = self
            .end_of(&Begun { id: &stack.id, token: &token, before: Some(&stack) }, limit)
            .await?;
        match ended.filter(|stack| stack.status.exists()) {
            Some(stack) if stack.status == Status::UpdateRollbackFailed => {
                Err(explain::still_stuck(&stack, &self.unrestored(&stack.id).await?))
            }
            Some(_) => Ok(()),
            None => Err(explain::gone(id)),
        }
    }

    /// The resources that a failed rollback could not restore, named as `ResourcesToSkip` takes them.
    pub async fn unrestored(&self, id: &str) -> Result<Vec<Part>> {
        let mut failed: Vec<Part> = self
            .aws
            .stacks
            .parts(id)
            .await?
            .into_iter()
            .filter(|part| part.status == Status::UpdateFailed)
            .collect();
        let nested = |part: &Part| is_stack(&part.kind, &part.physical_id);
        // CloudFormation names no resource twice: a nested stack that failed is told by what failed in it.
        while let Some(at) = failed.iter().position(nested) {
            let inner = failed.remove(at);
            let name = name_of(&inner.physical_id);
            let parts = self
                .aws
                .stacks
                .parts(&inner.physical_id)
                .await?
                .into_iter()
                .filter(|part| part.status == Status::UpdateFailed);
            failed.extend(
                parts
                    .map(|part| Part { logical_id: format!("{name}.{}", part.logical_id), ..part }),
            );
        }
        Ok(failed)
    }
}
