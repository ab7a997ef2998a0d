//! The way from the template that a stack has to the one that is planned: stops that must not be left out, and the way back.

use crate::cloudformation::template::Template;
use crate::quilt::upgrade::{Brings, goes_back, stops};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// So that its way from the one before can be judged.
pub fn says_what_it_brings(template: &Template) -> bool {
    Brings::of(template) != Brings::default()
}

/// Checks the order of upgrades, from one template to another, which stands `at` an argument. `skip`: stops may be left out.
pub fn check(
    (before, after): (&Template, &Template),
    at: &'static str,
    skip: &Value<bool>,
    d: &mut Diagnostics,
) {
    let (live, wanted) = (Brings::of(before), Brings::of(after));
    let left_out = stops(&live, &wanted);
    for why in &left_out {
        tell(at, why, skip, d);
    }
    if left_out.is_empty() && goes_back(&live, &wanted) {
        let version = |brings: Brings| brings.version.unwrap_or_default();
        let (from, to) = (version(live), version(wanted));
        let detail = format!(
            "The stack has Quilt {from}, and the template is {to}. What {from} has changed in the database stays as it is, and {to} may not know it. Take a `quilt_snapshot` first."
        );
        d.warn_at(AttributePath::new(at), "Quilt goes back to an older version", detail);
    }
}

fn tell(at: &'static str, why: &str, skip: &Value<bool>, d: &mut Diagnostics) {
    if *skip == Value::Value(true) {
        return d.warn_at(AttributePath::new(at), "A stop of the upgrade is left out", why);
    }
    let detail = format!("{why}\n\nIf you know better: `allow_version_skip = true`.");
    d.fail_at(AttributePath::new(at), "This upgrade leaves out a stop", detail);
}
