//! What a `quilt_stack` tells the `quilt_sso` of the same stack during a plan, and hears from them: each parameter has one owner.

use std::collections::BTreeMap;

use super::problems::will_be;
use super::source::Loaded;
use super::{StackResource, StackState, Strings};
use crate::cloudformation::template::Template;
use crate::cx::{Cx, PlannedStack};
use crate::kinds::resource::Draft;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Tells what the stack will be, and refuses parameters that a `quilt_sso` sets as well.
pub fn tell(
    cx: &Cx,
    draft: &Draft<StackResource>,
    loaded: &Loaded,
    wanted: &BTreeMap<String, Option<String>>,
    d: &mut Diagnostics,
) {
    let (Value::Value(name), Some(template)) = (&draft.config.name, loaded.known()) else { return };
    let place = (draft.planned.region.as_ref_option().cloned().unwrap_or_default(), name.clone());
    let stack = PlannedStack {
        template: template.clone(),
        parameters: will_be(template, wanted, &draft.private.parameters),
        set: set(&draft.config, template),
    };
    let set = stack.set.clone();
    for claim in cx.plans.stack(&place, stack).claims {
        let own = claim.parameters(|name| template.declares(name));
        for (parameter, argument) in set.iter().filter(|(parameter, _)| own.contains(*parameter)) {
            let detail = format!(
                "A `quilt_sso` of this stack ({}) sets `{parameter}` as well, and each would undo the other. Leave it out here: the stack \
                 keeps the value it has until the `quilt_sso` changes it.",
                claim.provider.word()
            );
            d.fail_at(
                AttributePath::new(*argument).key(parameter.clone()),
                "A parameter with two owners",
                detail,
            );
        }
    }
}

/// The parameters that a configuration writes down.
fn set(config: &StackState, template: &Template) -> BTreeMap<String, &'static str> {
    let maps: [(&str, &Value<Strings>); 2] =
        [("parameters", &config.parameters), ("parameters_wo", &config.parameters_wo)];
    let written = maps.into_iter().flat_map(|(argument, map)| {
        let given = map
            .as_ref_option()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !matches!(value, Value::Null));
        given.map(move |(name, _)| (name.clone(), argument))
    });
    written.filter(|(name, _)| template.declares(name)).collect()
}
