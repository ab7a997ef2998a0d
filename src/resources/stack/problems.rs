//! Parameters against the template, at plan: each problem at the attribute the parameter comes from.

use std::collections::BTreeMap;

use super::order::{SHORTHANDS, Wanted};
use super::source::Loaded;
use super::{StackResource, StackState, admin, inherit, owners, wiring};
use crate::cx::Cx;
use crate::quilt::admin::PASSWORD;
use crate::quilt::names;
use crate::quilt::parameters::problems;
use crate::quilt::sso::{self, SignIn};
use crate::quilt::template::Template;
use crate::resource::Draft;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a draft's parameters, and warns of secrets that the state will hold.
pub fn check(cx: &Cx, draft: &Draft<StackResource>, loaded: &Loaded, d: &mut Diagnostics) {
    let Some(template) = loaded.known() else { return };
    let wanted = Wanted::of(&draft.config, Some(template)).inherit(draft.private.inherited.as_ref().unwrap_or(&BTreeMap::new()));
    let mut values: BTreeMap<_, _> = wanted.values.iter().map(|(k, v)| (k.clone(), v.as_ref_option().cloned())).collect();
    let mut at = wanted.at;
    for (name, value) in draft.config.parameters_wo.as_ref_option().into_iter().flatten() {
        values.insert(name.clone(), value.as_ref_option().cloned());
        at.insert(name.clone(), AttributePath::new("parameters_wo").key(name.clone()));
    }
    let unknown = [matches!(draft.config.parameters, Value::Unknown), matches!(draft.config.parameters_wo, Value::Unknown)];
    let open = draft.prior.is_none() && inherit::open(&draft.config, &draft.private);
    let mut lacking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for problem in problems(template, &values, &draft.private.parameters) {
        let path = at.get(&problem.parameter).cloned();
        let object = wiring::bringer(template, &problem.parameter).filter(|_| path.is_none());
        // What is not known yet, and an object that was checked already, may bring it.
        if path.is_none() && (open || unknown.contains(&true) || object.is_some_and(|object| wiring::given(&draft.config, object))) {
            continue;
        }
        if draft.prior.is_none() && problem.parameter == PASSWORD && admin::makes(&draft.config, Some(template)).is_some() {
            continue;
        }
        let missing = path.is_none() && !draft.private.parameters.contains_key(&problem.parameter);
        if let Some(object) = object.filter(|_| missing) {
            lacking.entry(object).or_default().push(problem.parameter);
            continue;
        }
        let path = path.unwrap_or_else(|| shorthand(&problem.parameter).unwrap_or_else(|| AttributePath::new("parameters")));
        let summary = if missing { "A parameter is missing" } else { "This parameter is not valid" };
        d.fail_at(path, summary, problem.what);
    }
    for (object, parameters) in &lacking {
        let (summary, detail) = wiring::missing(object, parameters);
        d.fail_at(AttributePath::new(*object), summary, detail);
    }
    if !open && !unknown.contains(&true) {
        locked_out(template, &values, &draft.private.parameters, &at, d);
    }
    owners::tell(cx, draft, loaded, &values, d);
    if draft.prior.is_none() {
        quilt_name(&draft.config, template, d);
        secrets(&draft.config, template, d);
    }
}

/// Refuses parameters that leave no way to sign in. What is not known yet may be one.
fn locked_out(
    template: &Template,
    wanted: &BTreeMap<String, Option<String>>,
    live: &BTreeMap<String, String>,
    at: &BTreeMap<String, AttributePath>,
    d: &mut Diagnostics,
) {
    let about =
        |name: &&String| *name == sso::PASSWORD || sso::IdentityProvider::ALL.iter().any(|p| sso::switches(template, *p).contains(*name));
    let Some(asked) = wanted.keys().find(about) else { return };
    let all: Option<BTreeMap<_, _>> = will_be(template, wanted, live).into_iter().map(|(name, value)| Some((name, value?))).collect();
    if all.is_some_and(|all| SignIn::of(&all).locked_out()) {
        let detail = "`PasswordAuth` is not Enabled and no identity provider is on. Leave `PasswordAuth` Enabled; a `quilt_sso` with \
                      `password_auth = false` turns it off once its identity provider is on.";
        d.fail_at(at.get(asked).cloned().unwrap_or_else(AttributePath::root), "Nobody could sign in", detail);
    }
}

/// The value that each parameter will have: the one wanted, else the stack's, else the template's; `None`: not known yet.
pub fn will_be(
    template: &Template,
    wanted: &BTreeMap<String, Option<String>>,
    live: &BTreeMap<String, String>,
) -> BTreeMap<String, Option<String>> {
    let value = |name: &String, default: &Option<String>| match wanted.get(name) {
        Some(value) => value.clone(),
        None => Some(live.get(name).cloned().or_else(|| default.clone()).unwrap_or_default()),
    };
    template.parameters.iter().map(|(name, declared)| (name.clone(), value(name, &declared.default))).collect()
}

fn shorthand(parameter: &str) -> Option<AttributePath> {
    SHORTHANDS.iter().find(|(_, p)| *p == parameter).map(|(attribute, _)| AttributePath::new(*attribute))
}

/// Hosts, roles and buckets of a Quilt stack are named after it.
fn quilt_name(config: &StackState, template: &Template, d: &mut Diagnostics) {
    let Some(name) = config.name.as_ref_option().filter(|_| template.declares("QuiltWebHost")) else { return };
    if let Err(e) = names::check_object_name(name) {
        d.fail_at(AttributePath::new("name"), "This name is not valid for a Quilt stack", e);
    }
}

fn secrets(config: &StackState, template: &Template, d: &mut Diagnostics) {
    for name in config.parameters.as_ref_option().into_iter().flat_map(|p| p.keys()) {
        if template.parameters.get(name).is_some_and(|p| p.no_echo) {
            let detail = format!(
                "`{name}` is secret (NoEcho), and `parameters` are kept in the state. `parameters_wo` keeps it out, with Terraform 1.11 or later."
            );
            d.warn_at(AttributePath::new("parameters").key(name.clone()), "A secret will be kept in the state", detail);
        }
    }
}
