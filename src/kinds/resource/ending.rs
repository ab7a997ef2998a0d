//! How an apply that fails is saved and told: the three endings of an interrupted operation, and plain failure.

use crate::outcome::{Error, Verb, explain, explain_left, explain_resumable};
use crate::tf::{Diagnostics, Object};

/// What is saved when an apply ends in an error, and how it is told: the three endings of an interrupted operation, and plain failure.
///
/// State with an error taints a creation (the next apply makes it anew), state with a warning does not, no state leaves it to be adopted. So
/// only a creation that is known to have failed is saved with its error.
pub(super) fn after_error(
    verb: Verb,
    subject: &str,
    e: &Error,
    kept: (Option<Object>, bool),
    prior: Option<Object>,
    d: &mut Diagnostics,
) -> Option<Object> {
    match (verb, e, kept) {
        (Verb::Create, Error::Interrupted { doing }, (Some(state), _)) => {
            explain_resumable(subject, doing, d);
            Some(state)
        }
        (Verb::Create, Error::Failed { .. }, (Some(state), false)) => {
            explain(verb, subject, e, d);
            Some(state)
        }
        (Verb::Create, e, (Some(_), _)) => {
            explain_left(subject, e, d);
            None
        }
        (Verb::Create, e, (None, _)) => {
            explain(verb, subject, e, d);
            None
        }
        (verb, e, _) => {
            explain(verb, subject, e, d);
            prior
        }
    }
}
