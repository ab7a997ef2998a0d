//! What a plan says of parameters that keep their value although a default or the configuration changes: said once, with the change.

use crate::outcome::{Error, Result};
use crate::quilt::kept::{Kept, changes_default};
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::Draft;
use crate::tf::{AttributePath, Diagnostics, Report};

/// Warns of values that stay.
pub fn tell(g: &Gathered, draft: &Draft, loaded: &Loaded, d: &mut Diagnostics) -> Result<()> {
    let (Some(prior), Some(template)) = (&draft.prior, g.template()) else { return Ok(()) };
    if g.first.is_some() || g.aws.is_none() {
        return Ok(());
    }
    let (removed, mut others) = g.wanted.stays(draft, prior, template);
    say("parameters", "A value is kept that is written no more", &removed, d);
    if let Some(before) = g.before.as_ref().map_err(Error::clone)? {
        others.retain(|kept| changes_default(before, kept));
        say(loaded.at, "A default changes, and the stack keeps its value", &others, d);
    }
    Ok(())
}

fn say(at: &'static str, summary: &str, kept: &[Kept], d: &mut Diagnostics) {
    if !kept.is_empty() {
        let lines: Vec<_> = kept.iter().map(Kept::sentence).collect();
        let detail = format!("CloudFormation carries previous values over.\n{}", lines.join("\n"));
        d.warn_at(AttributePath::new(at), summary, detail);
    }
}
