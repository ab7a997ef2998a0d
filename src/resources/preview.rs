//! What an update will do to a stack's resources, told by a plan: by whichever resource it is asked for.

use crate::cloudformation::changes::{headline, report};
use crate::cloudformation::stack_policy::Turn;
use crate::deploy::{Previewed, refusal};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report};

/// Tells what was found, grouped; what would be lost is refused, at the attribute that asks for it. `watch` says how the update is watched.
pub fn tell(
    subject: &str,
    previewed: &Previewed,
    (at, watch): (AttributePath, Option<String>),
    d: &mut Diagnostics,
) {
    if let Some(Error::Failed { state, next }) = refusal(&previewed.changes, &previewed.replaceable)
    {
        return d.fail_at(
            at,
            format!("{subject} would lose what it holds"),
            format!("{state}\n\n{next}"),
        );
    }
    let (summary, mut detail) = match headline(&previewed.changes) {
        none if none.is_empty() => (
            format!("{subject}: no resource changes"),
            "The apply changes outputs or settings of the stack alone.".into(),
        ),
        counts => (
            format!("{subject}: {counts}"),
            format!("What the apply will do to its resources:\n{}", report(&previewed.changes)),
        ),
    };
    if previewed.turn == Ok(Turn::First) {
        detail += "\n\nThe new stack policy is set before the update, which the present one does not allow; if the update fails, back again.";
    }
    if let Some(left) = &previewed.left {
        detail += &format!(
            "\n\nThe change set {left} could not be deleted afterwards. Allow `cloudformation:DeleteChangeSet`."
        );
    }
    if let Some(watch) = watch.filter(|_| !previewed.changes.is_empty()) {
        detail += &format!("\n\n{watch}");
    }
    d.warn(summary, detail);
}

/// Says why nothing is shown. `silence`: how one does without, where that can be said.
pub fn blind(subject: &str, why: &str, silence: &str, d: &mut Diagnostics) {
    let then = "The apply has the update compared all the same, and refuses what would replace or delete what holds data.";
    d.warn(
        format!("{subject}: no preview of its changes"),
        format!("{why}\n\n{then} {silence}").trim_end().to_string(),
    );
}

/// Why there is no preview, where the plan is as good without.
pub fn bearable(e: Error) -> Result<String> {
    match e {
        Error::Aws(e) if e.kind == AwsErrorKind::Denied => {
            let allow = "To see it, allow `cloudformation:CreateChangeSet`, `DescribeChangeSet` and `DeleteChangeSet` (guide \"Permissions\").";
            Ok(format!("{}. {allow}", e.to_string().trim_end_matches('.')))
        }
        Error::Aws(e) if !matches!(e.kind, AwsErrorKind::Invalid | AwsErrorKind::Credentials) => {
            Ok(format!("{}.", e.to_string().trim_end_matches('.')))
        }
        // What the objects beside the stack bring in secret is needed by the apply alone.
        Error::Config { what, fix, .. } => Ok(format!("{what} {fix}")),
        Error::TooLong { .. } => {
            Ok("CloudFormation still compares the update with the stack.".into())
        }
        e => Err(e),
    }
}
