//! What failed last on a stack: its last operation, or the newest change set.

use super::{Diagnosis, Look, cure, first};
use crate::cloudformation::changes::Progress;
use crate::cloudformation::stack::{Stack, causes};
use crate::cloudformation::status::{Goal, Status};
use crate::outcome::Result;
use crate::quilt::known;

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A creation.
    Creation,
    /// An update.
    Update,
    /// A deletion.
    Deletion,
    /// A change set could not be made.
    ChangeSet,
}

impl What {
    /// For machines.
    pub fn name(self) -> &'static str {
        match self {
            What::Creation => "creation",
            What::Update => "update",
            What::Deletion => "deletion",
            What::ChangeSet => "change_set",
        }
    }

    /// For people; `status` is the stack's.
    pub fn words(self, status: &Status) -> &'static str {
        match self {
            What::ChangeSet if *status == Status::ReviewInProgress => {
                "Nothing was made of it yet: a change set for its creation could not be made."
            }
            What::ChangeSet if operation(status).is_some() => {
                "Its last operation failed. Since then a change set for the next one could not be made."
            }
            What::Creation => "Its creation failed.",
            What::Update => "Its last update failed.",
            What::Deletion => "Its deletion failed.",
            What::ChangeSet => {
                "Its last operation is complete. A change set for the next one could not be made."
            }
        }
    }

    fn goal(self) -> Goal {
        match self {
            What::Creation => Goal::Created,
            What::Deletion => Goal::Deleted,
            What::Update | What::ChangeSet => Goal::Updated,
        }
    }
}

/// A failure of the past.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// What failed; `None`: nothing did.
    pub what: Option<What>,
    /// Why.
    pub diagnosis: Diagnosis,
    /// What would tell of a failure may not be read.
    pub unread: bool,
}

impl Past {
    /// In words, where no failure was found; `status` is the stack's.
    pub fn nothing(&self, status: &Status) -> &'static str {
        match (self.unread, *status == Status::DeleteComplete) {
            (true, true) => {
                "Whether something had failed before it was deleted may not be read (guide \"Permissions\")."
            }
            (true, false) => {
                "Its last operation is complete. Whether a change set has failed may not be read (guide \"Permissions\")."
            }
            (false, true) => "Nothing failed: what came last before its deletion was complete.",
            (false, false) => {
                "Nothing failed: its last operation is complete, and no change set of it has failed."
            }
        }
    }
}

/// What failed last.
pub async fn look(look: &Look<'_>, stack: &Stack) -> Past {
    if stack.status == Status::DeleteComplete {
        return deleted(look, stack).await;
    }
    let operation = operation(&stack.status);
    match (change_set(look, stack, operation.is_some()).await, operation) {
        (Ok(Some(diagnosis)), _) => Past { what: Some(What::ChangeSet), diagnosis, unread: false },
        (_, Some(what)) => failed(look, stack, what).await,
        (answer, None) => Past { unread: answer.is_err(), ..Past::default() },
    }
}

async fn failed(look: &Look<'_>, stack: &Stack, what: What) -> Past {
    let diagnosis = look.diagnose(&stack.id, what.goal()).await;
    Past { what: Some(what), diagnosis, unread: false }
}

/// What has failed in a stack of this status, or is being undone.
fn operation(status: &Status) -> Option<What> {
    use Status::{
        CreateFailed, DeleteFailed, RollbackComplete, RollbackFailed, RollbackInProgress,
    };
    match status {
        CreateFailed | RollbackComplete | RollbackFailed | RollbackInProgress => {
            Some(What::Creation)
        }
        DeleteFailed => Some(What::Deletion),
        Status::UpdateFailed => Some(What::Update),
        other if other.as_str().starts_with("UPDATE_ROLLBACK") => Some(What::Update),
        _ => None,
    }
}

/// A stack that is deleted: what it was before. A deletion that failed has come to pass since.
async fn deleted(look: &Look<'_>, stack: &Stack) -> Past {
    let all = look.aws.stacks.events(&stack.id, &Status::default()).await;
    let Ok(events) = all else { return Past { unread: true, ..Past::default() } };
    let mut own = events.iter().filter(|e| e.physical_id == stack.id);
    let before = own.find(|e| !e.status.of_deletion()).map(|e| &e.status);
    // A creation that goes over into its deletion without a word of its own has failed, or was given up.
    let given_up = before == Some(&Status::CreateInProgress);
    let what = if given_up { Some(What::Creation) } else { before.and_then(operation) };
    let Some(what) = what else { return Past::default() };
    let found = failed(look, stack, what).await;
    if given_up && found.diagnosis.first_cause.is_none() { Past::default() } else { found }
}

/// Why the newest change set that CloudFormation could not make was not; `later`: only one of after the stack's last operation counts.
async fn change_set(look: &Look<'_>, stack: &Stack, later: bool) -> Result<Option<Diagnosis>> {
    let mut newest: Option<(i64, String)> = None;
    for name in look.aws.stacks.proposals(&stack.id).await? {
        let Some((at, text)) = objection(look, stack, &name).await else { continue };
        let counts = !later || at > stack.moved_at;
        if counts && newest.as_ref().is_none_or(|(before, _)| at > *before) {
            newest = Some((at, text));
        }
    }
    Ok(newest.map(|(_, text)| {
        let known = known::of(&text);
        Diagnosis {
            class: Some(known.map_or(known::Class::Template, |known| known.class)),
            fix: known.map(|known| known.fix).or_else(|| cure::of(&text)),
            first_cause: Some(text),
            findings: vec![],
        }
    }))
}

/// Why a change set could not be made, and when that was told, where it is; `None`: it could, or has nothing to change.
async fn objection(look: &Look<'_>, stack: &Stack, name: &str) -> Option<(i64, String)> {
    let found = look.aws.stacks.objections(&stack.id, name).await.unwrap_or_default();
    let causes = causes(&found, &stack.id);
    if let Some(text) = first::listed(&causes) {
        return Some((causes.iter().map(|cause| cause.at).max()?, text));
    }
    let set = look.aws.stacks.proposal(&stack.id, name).await.ok()??;
    match set.progress {
        Progress::Failed(reason) | Progress::Denied(reason) => Some((0, reason)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_what_failed() {
        for (status, what) in [
            (Status::RollbackComplete, Some(What::Creation)),
            (Status::UpdateRollbackCompleteCleanup, Some(What::Update)),
            (Status::DeleteFailed, Some(What::Deletion)),
            (Status::UpdateComplete, None),
        ] {
            assert_eq!(operation(&status), what, "{status}");
        }
    }
}
