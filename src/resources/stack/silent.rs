//! What a plan says of parameters that keep their value although a default or the configuration changes: said once, with the change.

use std::collections::BTreeSet;

use super::order::Wanted;
use super::source::Loaded;
use super::{StackResource, StackState};
use crate::aws::Aws;
use crate::cloudformation::template::Template;
use crate::kinds::resource::Draft;
use crate::outcome::Result;
use crate::quilt::kept::{Kept, changes_default, kept};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Warns of values that stay. The stack's own template is asked for only where a default may have changed.
pub async fn tell(
    aws: &Aws,
    draft: &Draft<StackResource>,
    loaded: &Loaded,
    d: &mut Diagnostics,
) -> Result<()> {
    let (Some(prior), Some(template)) = (&draft.prior, loaded.known()) else { return Ok(()) };
    let wanted = Wanted::of(&draft.config, Some(template));
    if wanted.open {
        return Ok(());
    }
    let secret = draft.config.parameters_wo.as_ref_option().into_iter().flat_map(|wo| wo.keys());
    let names: BTreeSet<&str> = wanted.values.keys().chain(secret).map(String::as_str).collect();
    let stays = kept(template, &names, &draft.private.parameters);
    let (removed, others): (Vec<Kept>, Vec<Kept>) =
        stays.into_iter().partition(|kept| written(prior, kept.parameter));
    say("parameters", "A value is kept that is written no more", &removed, d);
    if let (false, Value::Value(id), true) = (others.is_empty(), &prior.id, changes(prior, loaded))
        && let Ok(before) = Template::parse(&aws.stacks.template(id).await?)
    {
        let new: Vec<_> =
            others.into_iter().filter(|kept| changes_default(&before, kept)).collect();
        say(loaded.at, "A default changes, and the stack keeps its value", &new, d);
    }
    Ok(())
}

fn written(prior: &StackState, parameter: &str) -> bool {
    prior
        .parameters
        .as_ref_option()
        .and_then(|parameters| parameters.get(parameter))
        .is_some_and(Value::is_value)
}

fn changes(prior: &StackState, loaded: &Loaded) -> bool {
    prior.template_sha256 != Value::Value(loaded.digest.clone())
}

fn say(at: &'static str, summary: &str, kept: &[Kept], d: &mut Diagnostics) {
    if !kept.is_empty() {
        let lines: Vec<_> = kept.iter().map(Kept::sentence).collect();
        d.warn_at(
            AttributePath::new(at),
            summary,
            format!("CloudFormation carries previous values over.\n{}", lines.join("\n")),
        );
    }
}
