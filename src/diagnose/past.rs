//! What failed last on a stack: its last operation, or the newest change set.

use super::{Diagnosis, Look, cure, first};
use crate::cloudformation::stack::{Stack, causes};
use crate::cloudformation::status::{Goal, Status};
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

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
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
}

/// What failed last.
pub async fn look(look: &Look<'_>, stack: &Stack) -> Past {
    match operation(&stack.status) {
        Some(what) => {
            Past { what: Some(what), diagnosis: look.diagnose(&stack.id, what.goal()).await }
        }
        None if stack.status == Status::DeleteComplete => deleted(look, stack).await,
        None => change_set(look, stack).await.unwrap_or_default(),
    }
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

/// A stack that is deleted may be one whose creation failed.
async fn deleted(look: &Look<'_>, stack: &Stack) -> Past {
    let diagnosis = look.diagnose(&stack.id, Goal::Created).await;
    let what = diagnosis.first_cause.is_some().then_some(What::Creation);
    Past { what, diagnosis }
}

/// The newest change set that CloudFormation could not make.
async fn change_set(look: &Look<'_>, stack: &Stack) -> Option<Past> {
    for name in look.aws.stacks.proposals(&stack.id).await.ok()? {
        let Ok(found) = look.aws.stacks.objections(&stack.id, &name).await else { continue };
        let Some(text) = first::listed(&causes(&found, &stack.id)) else { continue };
        let known = known::of(&text);
        let diagnosis = Diagnosis {
            class: Some(known.map_or(known::Class::Template, |known| known.class)),
            fix: known.map(|known| known.fix).or_else(|| cure::of(&text)),
            first_cause: Some(text),
            findings: vec![],
        };
        return Some(Past { what: Some(What::ChangeSet), diagnosis });
    }
    None
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
