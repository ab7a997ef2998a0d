//! The template's rules, asked at plan as far as the parameters are known.

use std::collections::BTreeMap;

use crate::cloudformation::outputs::pseudo;
use crate::cloudformation::parameters::{HIDDEN, may_be_empty};
use crate::cloudformation::template::Template;
use crate::resources::stack::decide::problems::argument;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::quilt::inherit;
use crate::resources::stack::state::{Draft, Values};
use crate::tf::{AttributePath, Diagnostics, Report};

/// Refuses parameters that a rule of the template does not allow, at the first one that the rule speaks of and the configuration gives.
pub fn check(g: &Gathered, draft: &Draft, template: &Template, d: &mut Diagnostics) {
    let known = known(g, draft, template);
    if unchanged(g, draft, &known) {
        return;
    }
    let at = g.wanted.with_secrets(&draft.config).1;
    for broken in template.broken_rules(&known) {
        let given = broken.parameters.iter().find_map(|name| at.get(name).cloned());
        let or_first = || broken.parameters.first().map(|name| argument(name));
        let place = given.or_else(or_first).unwrap_or_else(|| AttributePath::new("parameters"));
        d.fail_at(place, "The template does not allow these parameters", broken.detail());
    }
}

/// The stack has all of it already: its rules held when it came to be so.
fn unchanged(g: &Gathered, draft: &Draft, known: &Values) -> bool {
    let (Some(prior), Some(loaded)) = (&draft.prior, &g.loaded) else { return false };
    let live = &draft.private.parameters;
    let same = |(name, value): (&String, &String)| {
        name.starts_with("AWS::") || live.get(name).is_some_and(|l| l == value || l == HIDDEN)
    };
    let secrets = prior.parameters_wo_version == draft.planned.parameters_wo_version;
    !loaded.changes(prior) && secrets && known.iter().all(same)
}

/// What is known of the names that a rule may speak of, secrets among them.
fn known(g: &Gathered, draft: &Draft, template: &Template) -> Values {
    let (config, private) = (&draft.config, &draft.private);
    let open = g.wanted.open
        || (draft.prior.is_none() && inherit::open(config, private))
        || config.maps().iter().any(|(_, map)| map.is_unknown());
    let own = inherit::own_parameters(config, template, g.wanted.so_far());
    let live = &private.parameters;
    let mut known = names(g, draft);
    for (name, declared) in &template.parameters {
        let empty = || may_be_empty(name, declared).then(String::new);
        let value = match (own.get(name), live.get(name)) {
            (Some(given), _) => given.clone(),
            (None, _) if open => None,
            (None, Some(live)) => Some(live.clone()).filter(|live| live != HIDDEN),
            (None, None) => template.sure_default(name).or_else(empty),
        };
        known.extend(value.map(|value| (name.clone(), value)));
    }
    known
}

/// The pseudo parameters, as far as a plan knows them.
fn names(g: &Gathered, draft: &Draft) -> BTreeMap<String, String> {
    if let Some(id) = draft.prior.as_ref().and_then(|prior| prior.id.as_ref_option()) {
        return pseudo(id);
    }
    let region = g.aws.as_ref().map(|aws| ("AWS::Region".to_string(), aws.region.clone()));
    let name = draft.config.name.as_ref_option();
    region.into_iter().chain(name.map(|name| ("AWS::StackName".into(), name.clone()))).collect()
}
