//! What is said of an object that another value would delete, and of the way out where that was not meant.

use super::Resource;
use crate::outcome::{Result, Verb, explain};
use crate::tf::{AttributePath, Diagnostics, Object, Report, Tree};

/// The address in an import block, where only the type is known.
const ADDRESS: &str = "<the address of this resource>";

/// Judges the deletion that a replacement begins with, of which Terraform does not ask again: `refusal` and what it told in `told`.
pub fn judge<R: Resource + ?Sized>(
    (prior, before): (&R::State, Option<&Object>),
    at: &AttributePath,
    (refusal, told): (Result<()>, Diagnostics),
    d: &mut Diagnostics,
) {
    let subject = R::subject(prior);
    let written = before.and_then(|before| before.get(at.to_string().as_str())).and_then(string);
    let Some(written) = written.filter(|_| *at != AttributePath::new("id")) else {
        told.errors.into_iter().for_each(|e| d.fail_at(e.attribute, e.summary, e.detail));
        d.warnings.extend(told.warnings);
        return explained::<R>(refusal, prior, d);
    };
    let means = format!(
        "Another `{at}` makes another object and deletes this one. To keep it, write `{at} = \"{written}\"` again."
    );
    let refused = !told.errors.is_empty() || refusal.is_err();
    for e in told.errors {
        let detail = format!(
            "{means} Nothing was changed.\n\nThis plan is refused because of this: {}. If the replacement is meant:\n\n{}",
            e.summary,
            e.detail.replace("\n\nNothing was deleted.", "")
        );
        d.fail_at(at.clone(), format!("{subject} would be deleted"), detail);
    }
    explained::<R>(refusal, prior, d);
    d.warnings.extend(told.warnings);
    if let (false, Some(lost)) = (refused, R::loses(prior)) {
        let detail = format!("{means}\n\nWhat goes with it: {lost}");
        d.warn_at(at.clone(), format!("{subject} will be deleted"), detail);
    }
}

/// Says why it may not be deleted.
pub fn explained<R: Resource + ?Sized>(refusal: Result<()>, prior: &R::State, d: &mut Diagnostics) {
    if let Err(e) = refusal {
        explain(Verb::Plan, &R::subject(prior), &e, d);
    }
}

/// Has import blocks name the type.
pub fn addressed<R: Resource + ?Sized>(d: &mut Diagnostics) {
    for told in d.errors.iter_mut().filter(|told| told.detail.contains(ADDRESS)) {
        told.detail = told.detail.replace(ADDRESS, &format!("{}.<its name>", R::NAME)).into();
    }
}

fn string(tree: &Tree) -> Option<&str> {
    match tree {
        Tree::String(text) => Some(text),
        _ => None,
    }
}
