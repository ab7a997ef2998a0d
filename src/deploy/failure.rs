//! Why an operation failed: the first cause, where the stack stands, what to do next.

use tokio::time::Instant;

use super::Deploy;
use crate::cloudformation::stack::{Event, Removal, Stack, causes};
use crate::cloudformation::status::{Goal, Status};
use crate::cloudformation::stuck::words_for_deletion;
use crate::diagnose::first::{as_line, listed};
use crate::diagnose::words::{behind, sentence};
use crate::diagnose::{Diagnosis, Look, PATIENCE, cure, link};
use crate::outcome::{Error, Result};
use crate::wait::last;

impl Deploy<'_> {
    /// Why `goal` was missed, from the events of the operation and what lies behind them.
    pub(super) async fn failure(&self, goal: Goal, stack: &Stack) -> Error {
        let found = match self.evidence.take(&stack.id) {
            Some(found) => found,
            None => self.diagnose(goal, stack).await,
        };
        let cause = found.first_cause.clone().or_else(|| stack.reason.clone());
        let cause = cause.unwrap_or_else(|| "CloudFormation gives no reason".into());
        let (state, next) = words(goal, &stack.status);
        let next = found.fix.or_else(|| cure::of(&cause)).unwrap_or(next);
        let events = format!("Events: {}", link::events(&stack.id));
        Error::Failed {
            state: format!(
                "{state} ({}).\nFirst cause: {}{}",
                stack.status,
                sentence(&cause),
                behind(&found)
            ),
            next: format!("{next}\n{events}"),
        }
    }

    async fn diagnose(&self, goal: Goal, stack: &Stack) -> Diagnosis {
        let (veil, stop) = (&self.cx.veil, &self.cx.stop);
        let look = Look { aws: &self.aws, veil, stop, end: Instant::now() + PATIENCE };
        look.diagnose(&stack.id, goal).await
    }

    /// Looks for the cause while the rollback has only begun: it deletes what tells of it.
    pub(super) async fn keep_evidence(&self, stack: &Stack) {
        let goal = match stack.status {
            Status::RollbackInProgress => Goal::Created,
            Status::UpdateRollbackInProgress => Goal::Updated,
            _ => return,
        };
        if self.evidence.is_first_look(stack) {
            let found = self.diagnose(goal, stack).await;
            self.evidence.keep(&stack.id, found);
        }
    }

    /// Why a stack could not be deleted, with the words that the next deletion could be given.
    pub(super) async fn undeletable(&self, stack: &Stack, removal: &Removal) -> Error {
        let failure = self.failure(Goal::Deleted, stack).await;
        let (true, Error::Failed { state, next }) =
            (removal.worded && stack.status == Status::DeleteFailed, &failure)
        else {
            return failure;
        };
        let (own, all) = (
            self.aws.stacks.parts(&stack.id).await.unwrap_or_default(),
            self.parts(&stack.id).await.unwrap_or_default(),
        );
        let words = words_for_deletion(&own, &all, removal.empty_buckets);
        if words.is_empty() {
            return failure;
        }
        let how = "Or say what is to become of them: write one of these into the resource (put its block back if you took it out), run \
                   `terraform apply`, which only takes note of it, and destroy again:";
        Error::Failed {
            state: state.clone(),
            next: format!("{next}\n\n{how}\n\n  {}", words.join("\n  ")),
        }
    }

    /// CloudFormation found the update impossible before it touched anything.
    pub(super) async fn impossible(&self, stack: &Stack, set: &str, reason: &str) -> Error {
        let found = last(self.cx, self.aws.stacks.objections(&stack.id, set))
            .await
            .and_then(Result::ok)
            .unwrap_or_default();
        impossible(&listed(&causes(&found, &stack.id)).unwrap_or_else(|| reason.trim().to_string()))
    }
}

fn impossible(reason: &str) -> Error {
    let next =
        cure::of(reason).unwrap_or("Correct the configuration or the template and apply again.");
    Error::Failed {
        state: format!(
            "CloudFormation finds the update impossible: {}\nNothing was changed.",
            sentence(reason)
        ),
        next: next.into(),
    }
}

/// Resources that an update could not delete, one a line, with their ids in AWS.
pub(super) fn listed_with_ids(left: &[&Event]) -> String {
    let one = |e: &&Event| format!("- {} {}", e.physical_id, as_line(e)).replace("-  ", "- ");
    left.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Where the stack stands, and what to do next.
fn words(goal: Goal, status: &Status) -> (&'static str, &'static str) {
    match (goal, status) {
        (Goal::Created, Status::DeleteComplete) => (
            "The creation failed and CloudFormation deleted the stack, as `on_failure` asks",
            "Fix the cause and apply again.",
        ),
        (Goal::Created, Status::CreateFailed) => (
            "The creation failed and the stack was left as it is",
            "Fix the cause and apply again: the stack is then made anew.",
        ),
        (Goal::Created, _) => (
            "CloudFormation rolled the creation back",
            "Fix the cause and apply again: the remains are deleted and the stack is made anew.",
        ),
        (Goal::Updated, Status::UpdateRollbackComplete) => (
            "CloudFormation rolled the update back; the stack is as it was before",
            "Fix the cause and apply again.",
        ),
        (Goal::Updated, Status::UpdateFailed) => {
            ("The update failed and was not rolled back", "Fix the cause and apply again.")
        }
        (Goal::Updated, Status::UpdateRollbackFailed) => (
            "The update failed, and so did its rollback",
            "Plan again: the plan says what could not be rolled back, and how to go on.",
        ),
        (Goal::Updated, _) => (
            "CloudFormation does not update a stack in this state",
            "Plan again: the plan says what can be done.",
        ),
        (Goal::Deleted, _) => (
            "Some resources could not be deleted; everything else is gone",
            "Clear what holds them (a bucket that is not empty, an export in use, a protected database), then destroy again.",
        ),
    }
}
