//! Parameters against the template, at plan: each problem at the attribute the parameter comes from.

use std::collections::BTreeMap;

use super::order::{SHORTHANDS, Wanted};
use super::source::Loaded;
use super::{StackResource, StackState, admin, inherit, owners, wiring};
use crate::cloudformation::parameters::{Problem, problems};
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::kinds::resource::Draft;
use crate::quilt::admin::PASSWORD;
use crate::quilt::names;
use crate::quilt::sso::{self, SignIn};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a draft's parameters, and warns of secrets that the state will hold.
pub fn check(cx: &Cx, draft: &Draft<StackResource>, loaded: &Loaded, d: &mut Diagnostics) {
    let Some(template) = loaded.known() else { return };
    let wanted = Wanted::of(&draft.config, Some(template))
        .inherit(draft.private.inherited.as_ref().unwrap_or(&BTreeMap::new()));
    let mut values: BTreeMap<_, _> =
        wanted.values.iter().map(|(k, v)| (k.clone(), v.as_ref_option().cloned())).collect();
    let mut at = wanted.at;
    for (name, value) in draft.config.parameters_wo.as_ref_option().into_iter().flatten() {
        values.insert(name.clone(), value.as_ref_option().cloned());
        at.insert(name.clone(), AttributePath::new("parameters_wo").key(name.clone()));
    }
    let unknown = [
        matches!(draft.config.parameters, Value::Unknown),
        matches!(draft.config.parameters_wo, Value::Unknown),
    ];
    let open = draft.prior.is_none() && inherit::open(&draft.config, &draft.private);
    let mut lacking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for problem in problems(template, &values, &draft.private.parameters) {
        let path = at.get(&problem.parameter).cloned();
        // What is not to be shown is not quoted either.
        if shown_all_the_same(&draft.config, template, &problem.parameter) {
            continue;
        }
        let object = wiring::bringer(template, &problem.parameter).filter(|_| path.is_none());
        // What is not known yet, and an object that was checked already, may bring it.
        if path.is_none()
            && (open
                || unknown.contains(&true)
                || object.is_some_and(|object| wiring::given(&draft.config, object)))
        {
            continue;
        }
        if draft.prior.is_none()
            && problem.parameter == PASSWORD
            && admin::makes(&draft.config, Some(template)).is_some()
        {
            continue;
        }
        let missing = path.is_none() && !draft.private.parameters.contains_key(&problem.parameter);
        if let Some(object) = object.filter(|_| missing) {
            lacking.entry(object).or_default().push(problem.parameter);
            continue;
        }
        let path = path.unwrap_or_else(|| {
            shorthand(&problem.parameter).unwrap_or_else(|| AttributePath::new("parameters"))
        });
        let (summary, what) = match missing {
            true => ("A parameter is missing", write_it(template, problem)),
            false => ("This parameter is not valid", problem.what),
        };
        d.fail_at(path, summary, what);
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
    }
    public(&draft.config, template, d);
    secrets(draft, template, d);
}

/// Refuses a template that does what the configuration gives no leave for. What a stack has already was given leave.
pub fn leave(draft: &Draft<StackResource>, loaded: &Loaded, d: &mut Diagnostics) {
    let (planned, Some(template)) = (&draft.planned, loaded.known()) else { return };
    let same = |prior: &StackState| {
        prior.template_sha256 == Value::Value(loaded.digest.clone())
            && prior.capabilities == planned.capabilities
    };
    let given = match (&planned.capabilities, &draft.prior) {
        (_, Some(prior)) if same(prior) => return,
        (Value::Unknown, Some(_)) => return,
        (Value::Value(given), _) if given.0.contains(&Value::Unknown) => return,
        (Value::Value(given), _) => {
            given.0.iter().filter_map(|c| c.as_ref_option().cloned()).collect()
        }
        _ if matches!(draft.config.capabilities, Value::Unknown) => return,
        _ => vec!["CAPABILITY_NAMED_IAM".to_string()],
    };
    for need in template.needs(draft.prior.is_none()) {
        if !need.capabilities.iter().any(|capability| given.iter().any(|given| given == capability))
        {
            let detail =
                format!("The template needs leave: {}. Add `{}`.", need.why, need.capabilities[0]);
            d.fail_at(
                AttributePath::new("capabilities"),
                "The template needs another capability",
                detail,
            );
        }
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
    let about = |name: &&String| {
        *name == sso::PASSWORD
            || sso::IdentityProvider::ALL
                .iter()
                .any(|p| sso::switches(template, *p).contains(*name))
    };
    let Some(asked) = wanted.keys().find(about) else { return };
    let all: Option<BTreeMap<_, _>> = will_be(template, wanted, live)
        .into_iter()
        .map(|(name, value)| Some((name, value?)))
        .collect();
    if all.is_some_and(|all| SignIn::of(&all).locked_out()) {
        let detail = "`PasswordAuth` is not Enabled and no identity provider is on. Leave `PasswordAuth` Enabled; a `quilt_sso` with \
                      `password_auth = false` turns it off once its identity provider is on.";
        d.fail_at(
            at.get(asked).cloned().unwrap_or_else(AttributePath::root),
            "Nobody could sign in",
            detail,
        );
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
    template
        .parameters
        .iter()
        .map(|(name, declared)| (name.clone(), value(name, &declared.default)))
        .collect()
}

/// What is missing, and how it is written.
fn write_it(template: &Template, problem: Problem) -> String {
    let Problem { parameter, what } = problem;
    let secret = template.parameters.get(&parameter).is_some_and(|declared| declared.no_echo);
    match SHORTHANDS.iter().find(|(_, p)| *p == parameter) {
        Some((attribute, _)) => format!("{what} Write it as `{attribute} = \"…\"`."),
        None if secret => format!(
            "{what} It is secret: write it as `parameters_wo = {{ {parameter} = … }}` with a `parameters_wo_version`, which keeps it out of the state."
        ),
        None => format!("{what} Write it as `parameters = {{ {parameter} = \"…\" }}`."),
    }
}

fn shorthand(parameter: &str) -> Option<AttributePath> {
    SHORTHANDS
        .iter()
        .find(|(_, p)| *p == parameter)
        .map(|(attribute, _)| AttributePath::new(*attribute))
}

/// Hosts, roles and buckets of a Quilt stack are named after it.
fn quilt_name(config: &StackState, template: &Template, d: &mut Diagnostics) {
    let Some(name) = config.name.as_ref_option().filter(|_| template.declares("QuiltWebHost"))
    else {
        return;
    };
    if let Err(e) = names::check_object_name(name) {
        d.fail_at(AttributePath::new("name"), "This name is not valid for a Quilt stack", e);
    }
}

/// Refuses what is to stay out of the state but is shown by CloudFormation to everybody who may look.
fn public(config: &StackState, template: &Template, d: &mut Diagnostics) {
    for name in config.parameters_wo.as_ref_option().into_iter().flat_map(|p| p.keys()) {
        if shown_all_the_same(config, template, name) {
            let detail = format!(
                "The template does not declare `{name}` as secret (NoEcho), so CloudFormation shows its value to everybody who may look at the \
                 stack, and nothing would keep it out of plan and state. Give it in `parameters`. If it is a secret, have the template declare \
                 `NoEcho: true`."
            );
            d.fail_at(
                AttributePath::new("parameters_wo").key(name.clone()),
                "This parameter is not secret",
                detail,
            );
        }
    }
}

fn shown_all_the_same(config: &StackState, template: &Template, name: &str) -> bool {
    let written = config.parameters_wo.as_ref_option().is_some_and(|p| p.contains_key(name));
    written && template.parameters.get(name).is_some_and(|p| !p.no_echo)
}

/// Warns of each secret that comes into the state.
fn secrets(draft: &Draft<StackResource>, template: &Template, d: &mut Diagnostics) {
    let held = draft.prior.as_ref().and_then(|prior| prior.parameters.as_ref_option());
    let new = |name: &&String| {
        !held.is_some_and(|held| held.get(*name).is_some_and(|v| !matches!(v, Value::Null)))
    };
    let given = draft
        .config
        .parameters
        .as_ref_option()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !matches!(value, Value::Null));
    for name in given.map(|(name, _)| name).filter(new) {
        if template.parameters.get(name).is_some_and(|p| p.no_echo) {
            let detail = format!(
                "`{name}` is secret (NoEcho), and `parameters` are kept in the state. `parameters_wo` keeps it out, with Terraform 1.11 or later."
            );
            d.warn_at(
                AttributePath::new("parameters").key(name.clone()),
                "A secret will be kept in the state",
                detail,
            );
        }
    }
}
