//! The way from the template that a stack has to the one that is planned: stops that must not be left out, and the way back.

use super::source::Loaded;
use super::{StackResource, StackState};
use crate::aws::Aws;
use crate::cloudformation::template::Template;
use crate::kinds::resource::Draft;
use crate::outcome::Result;
use crate::quilt::upgrade::{Brings, goes_back, stops};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks the order of upgrades when the template changes. The stack's own template is asked for only if this one says what it brings.
pub async fn check(
    aws: &Aws,
    draft: &Draft<StackResource>,
    loaded: &Loaded,
    d: &mut Diagnostics,
) -> Result<()> {
    let (Some(StackState { id: Value::Value(id), template_sha256, .. }), Some(template)) =
        (&draft.prior, loaded.known())
    else {
        return Ok(());
    };
    let wanted = Brings::of(template);
    if *template_sha256 == Value::Value(loaded.digest.clone()) || wanted == Brings::default() {
        return Ok(());
    }
    let Ok(live) = Template::parse(&aws.stacks.template(id).await?) else { return Ok(()) };
    let live = Brings::of(&live);
    let left_out = stops(&live, &wanted);
    tell(draft, loaded.at, &left_out, d);
    if left_out.is_empty() && goes_back(&live, &wanted) {
        let version = |brings: Brings| brings.version.unwrap_or_default();
        let (from, to) = (version(live), version(wanted));
        let detail = format!(
            "The stack has Quilt {from}, and the template is {to}. What {from} has changed in the database stays as it is, and {to} may not know it. Take a `quilt_snapshot` first."
        );
        d.warn_at(AttributePath::new(loaded.at), "Quilt goes back to an older version", detail);
    }
    Ok(())
}

fn tell(draft: &Draft<StackResource>, at: &'static str, left_out: &[String], d: &mut Diagnostics) {
    for why in left_out {
        match draft.config.allow_version_skip {
            Value::Value(true) => {
                d.warn_at(AttributePath::new(at), "A stop of the upgrade is left out", why.clone())
            }
            _ => {
                let detail = format!("{why}\n\nIf you know better: `allow_version_skip = true`.");
                d.fail_at(AttributePath::new(at), "This upgrade leaves out a stop", detail);
            }
        }
    }
}
