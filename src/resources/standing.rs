//! Where a stack stands when its change is planned: one that can only be deleted is replaced, a running operation is waited for.

use crate::cloudformation::status::Status;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report};

/// The stack can only be deleted. `as_it_is`: a failed creation is to stay for a look at it.
pub fn stuck(status: &Status, as_it_is: bool) -> bool {
    status.never_completed() || status.going() || (*status == Status::CreateFailed && !as_it_is)
}

/// Says why it is replaced. `subject` is as "Stack prod".
pub fn replaced(subject: &str, status: &Status, d: &mut Diagnostics) {
    let why = match status {
        Status::DeleteFailed => "its deletion was begun and failed",
        Status::ReviewInProgress => {
            "it is an empty shell that a change set left, with nothing in it"
        }
        _ if status.going() => "it is being deleted",
        _ => "it never completed",
    };
    let detail = format!(
        "Its status is {status}: {why}, and CloudFormation allows nothing but its deletion. It is deleted and made anew."
    );
    d.warn(format!("{subject} will be replaced"), detail);
}

/// Says that a running operation is waited for.
pub fn resumes(subject: &str, status: &Status, d: &mut Diagnostics) {
    d.warn(
        format!("{subject} resumes"),
        format!("{}. The apply waits for its end.", capital(&status.doing())),
    );
}

/// Says that a failed operation, which was left as it is, is tried again.
pub fn retries(subject: &str, status: &Status, d: &mut Diagnostics) {
    let detail = format!(
        "The last operation failed and was not rolled back ({status}). The apply tries again to bring the stack up to date."
    );
    d.warn(format!("{subject} is not up to date"), detail);
}

/// Refuses an update where CloudFormation would. `as_it_is`: a failed one is left as it is.
pub fn updatable(status: &Status, as_it_is: bool) -> Result<()> {
    if status.left_as_it_is() && !as_it_is {
        return Err(Error::config(
            AttributePath::new("name"),
            format!(
                "The last operation failed and was not rolled back ({status}). CloudFormation goes on only without a rollback."
            ),
            "Set `disable_rollback = true` until an apply succeeds, or undo the failed operation (`aws cloudformation rollback-stack`) and \
             plan again.",
        ));
    }
    if *status != Status::UpdateRollbackFailed {
        return Ok(());
    }
    Err(Error::config(
        AttributePath::new("name"),
        format!("The last update failed, and so did its rollback ({status})."),
        "Let CloudFormation continue the rollback (`aws cloudformation continue-update-rollback`), then plan again.",
    ))
}

/// The text with a capital first.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
