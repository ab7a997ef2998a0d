//! What a stack that stays goes on using: told to the plan, which may delete it, and to the person who took its argument out.

use std::collections::BTreeMap;

use super::order::Wanted;
use super::problems::will_be;
use super::source::Loaded;
use super::wiring::{given, rows};
use super::{StackResource, StackState};
use crate::cloudformation::template::Template;
use crate::cx::{Cx, Staying};
use crate::kinds::resource::{Draft, Resource};
use crate::resources::usage;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Tells what the parameters of a stack that stays will say, and which argument was taken out without any effect.
pub fn tell(cx: &Cx, draft: &Draft<StackResource>, loaded: Option<&Loaded>, d: &mut Diagnostics) {
    let Some(prior) = draft.prior.as_ref().filter(|_| draft.replace.is_empty()) else { return };
    let Value::Value(id) = &prior.id else { return };
    let template = loaded.and_then(Loaded::known);
    let wanted = Wanted::of(&draft.config, template);
    let staying = Staying {
        id: id.clone(),
        subject: StackResource::subject(prior),
        parameters: parameters(draft, template, &wanted),
    };
    usage::stays(cx, &staying, d);
    if let Some(template) = template.filter(|_| !wanted.open) {
        taken_out(draft, prior, template, &wanted, d);
    }
}

/// What each parameter will say; `None`: not known yet.
fn parameters(
    draft: &Draft<StackResource>,
    template: Option<&Template>,
    wanted: &Wanted,
) -> BTreeMap<String, Option<String>> {
    let live = &draft.private.parameters;
    let values = wanted
        .values
        .iter()
        .map(|(name, value)| (name.clone(), value.as_ref_option().cloned()))
        .collect();
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
    draft: &Draft<StackResource>,
    prior: &StackState,
    template: &Template,
    wanted: &Wanted,
    d: &mut Diagnostics,
) {
    for object in ["network", "database", "search"]
        .into_iter()
        .filter(|object| given(prior, object) && !given(&draft.config, object))
    {
        let live =
            |name: &str| draft.private.parameters.get(name).is_some_and(|value| !value.is_empty());
        let brought = rows(prior, template)
            .into_iter()
            .filter(|(name, from, ..)| *from == object && live(name));
        let kept: Vec<_> = brought
            .map(|(name, ..)| name)
            .filter(|name| !wanted.values.contains_key(*name))
            .collect();
        if !kept.is_empty() {
            let detail = format!(
                "`{object}` is not written any more, and what is not written stays: {} keep their values. Delete nothing that they name. For \
                 another one, write that.",
                kept.join(", ")
            );
            d.warn_at(
                AttributePath::new(object),
                format!("{} keeps using its {object}", StackResource::subject(prior)),
                detail,
            );
        }
    }
}
