//! What a stack that stays goes on using: told to the plan, which may delete it, and to the person who took its argument out.

use std::collections::BTreeMap;

use crate::cloudformation::template::Template;
use crate::cx::{Cx, Staying};
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::order::wanted::{Wanted, will_be};
use crate::resources::stack::quilt::objects::{OBJECTS, configured, rows};
use crate::resources::stack::state::{Draft, StackState};
use crate::resources::usage;
use crate::tf::{AttributePath, Diagnostics, Report};

/// Tells what the parameters of a stack that stays will say, and which argument was taken out without any effect.
pub fn tell(cx: &Cx, g: &Gathered, draft: &Draft, d: &mut Diagnostics) {
    let Some(prior) = draft.prior.as_ref().filter(|_| draft.replace.is_empty()) else { return };
    let Some(id) = prior.id.as_ref_option() else { return };
    let (template, wanted) = (g.template(), &g.wanted);
    let parameters = parameters(draft, template, wanted);
    usage::stays(cx, &Staying { id: id.clone(), subject: prior.subject(), parameters }, d);
    if let Some(template) = template.filter(|_| !wanted.open) {
        taken_out(draft, prior, template, wanted, d);
    }
}

/// What each parameter will say; `None`: not known yet.
fn parameters(
    draft: &Draft,
    template: Option<&Template>,
    wanted: &Wanted,
) -> BTreeMap<String, Option<String>> {
    let live = &draft.private.parameters;
    let values = wanted.so_far();
    let all = match template {
        Some(template) => will_be(template, &values, live),
        None => live
            .iter()
            .map(|(name, value)| (name.clone(), Some(value.clone())))
            .chain(values)
            .collect(),
    };
    // Of an object that is not known yet it is not known either which parameters it brings.
    all.into_iter().map(|(name, value)| (name, value.filter(|_| !wanted.open))).collect()
}

/// An argument that is taken out leaves the stack as it is.
fn taken_out(
    draft: &Draft,
    prior: &StackState,
    template: &Template,
    wanted: &Wanted,
    d: &mut Diagnostics,
) {
    let (live, brought) = (&draft.private.parameters, rows(prior, Some(template)));
    let used = |name: &str| live.get(name).is_some_and(|value| !value.is_empty());
    let out = |object: &&str| configured(prior, object) && !configured(&draft.config, object);
    for object in OBJECTS.into_iter().filter(out) {
        let names = brought.iter().filter(|(row, _)| row.object == object);
        let names = names.map(|(row, _)| row.parameter);
        let kept: Vec<_> =
            names.filter(|name| used(name) && !wanted.values.contains_key(*name)).collect();
        if !kept.is_empty() {
            let detail = format!(
                "`{object}` is not written any more, and what is not written stays: {} keep their values. Delete nothing that they name. For \
                 another one, write that.",
                kept.join(", ")
            );
            let summary = format!("{} keeps using its {object}", prior.subject());
            d.warn_at(AttributePath::new(object), summary, detail);
        }
    }
}
