//! What a stack that stays goes on using: the rest of the plan may delete it, and a person may have taken its argument out.

use std::collections::BTreeMap;

use crate::cloudformation::template::Template;
use crate::cx::Staying;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::order::wanted::{Wanted, will_be};
use crate::resources::stack::quilt::objects::{OBJECTS, configured, rows};
use crate::resources::stack::state::{Draft, StackState};
use crate::tf::{AttributePath, Diagnostics, Report};

/// What the parameters of a stack that stays will say; `None`: it does not stay. Warns of an argument that was taken out without any effect.
pub fn staying(g: &Gathered, draft: &Draft, d: &mut Diagnostics) -> Option<Staying> {
    let prior = draft.prior.as_ref().filter(|_| draft.replace.is_empty())?;
    let id = prior.id.as_ref_option()?.clone();
    let (template, wanted) = (g.template(), &g.wanted);
    if let Some(template) = template.filter(|_| !wanted.open) {
        taken_out(draft, prior, template, wanted, d);
    }
    let parameters = parameters(draft, template, wanted);
    Some(Staying { id, subject: prior.subject(), parameters })
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
