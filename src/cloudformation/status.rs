//! The statuses of stacks, of their resources and of events, and what each means.

use std::fmt;

macro_rules! statuses {
    ($($name:ident = $text:literal,)*) => {
        /// A status as CloudFormation tells it of a stack, a resource or an event.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Status {
            $(#[doc = concat!("`", $text, "`.")] $name,)*
            /// One that is not known here; empty where none was told.
            Other(String),
        }

        impl Status {
            /// As CloudFormation writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Status::$name => $text,)*
                    Status::Other(text) => text,
                }
            }
        }

        impl From<&str> for Status {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Status::$name,)*
                    _ => Status::Other(text.into()),
                }
            }
        }
    };
}

statuses! {
    CreateInProgress = "CREATE_IN_PROGRESS",
    CreateComplete = "CREATE_COMPLETE",
    CreateFailed = "CREATE_FAILED",
    ReviewInProgress = "REVIEW_IN_PROGRESS",
    RollbackInProgress = "ROLLBACK_IN_PROGRESS",
    RollbackComplete = "ROLLBACK_COMPLETE",
    RollbackFailed = "ROLLBACK_FAILED",
    UpdateInProgress = "UPDATE_IN_PROGRESS",
    UpdateCompleteCleanup = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    UpdateComplete = "UPDATE_COMPLETE",
    UpdateFailed = "UPDATE_FAILED",
    UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS",
    UpdateRollbackCompleteCleanup = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE",
    UpdateRollbackFailed = "UPDATE_ROLLBACK_FAILED",
    ImportInProgress = "IMPORT_IN_PROGRESS",
    ImportComplete = "IMPORT_COMPLETE",
    ImportRollbackInProgress = "IMPORT_ROLLBACK_IN_PROGRESS",
    ImportRollbackComplete = "IMPORT_ROLLBACK_COMPLETE",
    ImportRollbackFailed = "IMPORT_ROLLBACK_FAILED",
    DeleteInProgress = "DELETE_IN_PROGRESS",
    DeleteComplete = "DELETE_COMPLETE",
    DeleteFailed = "DELETE_FAILED",
    DeleteSkipped = "DELETE_SKIPPED",
    // Of events alone: found wrong before anything is touched, by CloudFormation's own checks or by a hook of the account.
    ValidationFailed = "VALIDATION_FAILED",
    HookFailed = "HOOK_FAILED",
}

/// What an operation is to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The stack is there.
    Created,
    /// It is changed.
    Updated,
    /// It is gone.
    Deleted,
}

/// What becomes of a stack that an earlier try of a creation has left, once nothing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takeover {
    /// It works: it is brought up to date.
    Adopted,
    /// It never completed: it is deleted and made anew.
    Anew,
    /// It completed once, and cannot be updated: it is left to a person.
    Refused,
}

/// What one look at a stack means for who waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Not yet.
    Pending,
    /// The goal is reached.
    Reached,
    /// It ended elsewhere.
    Missed,
}

impl Status {
    /// No operation is going on.
    pub fn settled(&self) -> bool {
        !self.as_str().ends_with("_IN_PROGRESS") || *self == Status::ReviewInProgress
    }

    /// The stack works: its outputs are true and it may be updated.
    pub fn usable(&self) -> bool {
        use Status::{CreateComplete, ImportComplete, ImportRollbackComplete};
        let made = matches!(self, CreateComplete | ImportComplete | ImportRollbackComplete);
        made || matches!(self, Status::UpdateComplete | Status::UpdateRollbackComplete)
    }

    /// An update may begin: usable, or failed with rollback switched off.
    pub fn updatable(&self) -> bool {
        self.usable() || self.left_as_it_is()
    }

    /// An operation failed with rollback switched off: what it has done stays, and it can be tried again.
    pub fn left_as_it_is(&self) -> bool {
        matches!(self, Status::CreateFailed | Status::UpdateFailed)
    }

    /// It never completed, and CloudFormation allows only its deletion.
    pub fn never_completed(&self) -> bool {
        use Status::{DeleteFailed, ReviewInProgress, RollbackComplete, RollbackFailed};
        matches!(self, RollbackComplete | RollbackFailed | ReviewInProgress | DeleteFailed)
    }

    /// What a creation does with a stack of its own that is there already. While an operation goes on: what is hoped for.
    pub fn takeover(&self) -> Takeover {
        use Status::{CreateFailed, ReviewInProgress, RollbackComplete, RollbackFailed};
        match self {
            RollbackComplete | RollbackFailed | ReviewInProgress | CreateFailed => Takeover::Anew,
            _ if self.usable() || !self.settled() => Takeover::Adopted,
            _ => Takeover::Refused,
        }
    }

    /// There is a stack, or a resource of one: what is deleted is described for a while still.
    pub fn exists(&self) -> bool {
        *self != Status::DeleteComplete
    }

    /// It is being deleted or is deleted.
    pub fn going(&self) -> bool {
        matches!(self, Status::DeleteInProgress | Status::DeleteComplete)
    }

    /// CloudFormation deletes it now; other operations must end first.
    pub fn deletable(&self) -> bool {
        use Status::{CreateInProgress, DeleteInProgress, RollbackInProgress};
        self.settled() || matches!(self, CreateInProgress | RollbackInProgress | DeleteInProgress)
    }

    /// The stack has no resources, whatever its parameters say.
    pub fn holds_nothing(&self) -> bool {
        use Status::{DeleteComplete, ReviewInProgress, RollbackComplete};
        matches!(self, DeleteComplete | ReviewInProgress | RollbackComplete)
    }

    /// What was tried has failed.
    pub fn failed(&self) -> bool {
        self.as_str().ends_with("_FAILED")
    }

    /// It was found wrong before anything was touched.
    pub fn found_wrong(&self) -> bool {
        matches!(self, Status::ValidationFailed | Status::HookFailed)
    }

    /// It tells of a deletion.
    pub fn of_deletion(&self) -> bool {
        self.going() || matches!(self, Status::DeleteFailed | Status::DeleteSkipped)
    }

    /// What is going on, after "while": "the stack is being created".
    pub fn doing(&self) -> String {
        let what = match self {
            Status::CreateInProgress => "being created",
            Status::DeleteInProgress => "being deleted",
            Status::RollbackInProgress => "being rolled back",
            s if s.as_str().starts_with("UPDATE_ROLLBACK") => "being rolled back",
            s if s.as_str().starts_with("UPDATE") => "being updated",
            s => return format!("the stack is {s}"),
        };
        format!("the stack is {what} ({self})")
    }
}

impl Default for Status {
    fn default() -> Self {
        Status::Other(String::new())
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Goal {
    /// The status of a stack whose operation towards it has begun.
    pub fn began(self) -> Status {
        match self {
            Goal::Created => Status::CreateInProgress,
            Goal::Updated => Status::UpdateInProgress,
            Goal::Deleted => Status::DeleteInProgress,
        }
    }

    /// The status of a stack that has reached it.
    fn end(self) -> Status {
        match self {
            Goal::Created => Status::CreateComplete,
            Goal::Updated => Status::UpdateComplete,
            Goal::Deleted => Status::DeleteComplete,
        }
    }
}

/// Whether `goal` is reached; `None`: the stack does not exist.
pub fn classify(goal: Goal, status: Option<&Status>) -> Verdict {
    match status {
        None if goal == Goal::Deleted => Verdict::Reached,
        None => Verdict::Missed,
        Some(status) if *status == goal.end() => Verdict::Reached,
        Some(status) if !status.settled() => Verdict::Pending,
        Some(_) => Verdict::Missed,
    }
}

#[cfg(test)]
mod tests;
