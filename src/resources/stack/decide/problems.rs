//! Parameters against the template, at plan: each problem at the attribute the parameter comes from.

use std::collections::BTreeMap;

use crate::cloudformation::meant::near;
use crate::cloudformation::parameters::problems;
use crate::cloudformation::template::Template;
use crate::quilt::admin::PASSWORD;
use crate::quilt::names;
use crate::quilt::sso::{self, SignIn};
use crate::resources::stack::connect;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::order::wanted::will_be;
use crate::resources::stack::quilt::objects::{bringer, configured};
use crate::resources::stack::quilt::{admin, inherit, wiring};
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::{Draft, StackState, Values, set};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a draft's parameters, and warns of secrets that the state will hold.
pub fn check(g: &Gathered, draft: &Draft, template: &Template, d: &mut Diagnostics) {
    let (config, private) = (&draft.config, &draft.private);
    let (values, at) = g.wanted.with_secrets(config);
    let inherits = draft.prior.is_none() && inherit::open(config, private);
    let open = inherits || config.maps().iter().any(|(_, map)| map.is_unknown());
    let made = draft.prior.is_none() && admin::makes(config, Some(template)).is_some();
    let mut lacking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for problem in problems(template, &values, &private.parameters) {
        let (path, name) = (at.get(&problem.parameter).cloned(), problem.parameter);
        let object = bringer(template, &name).filter(|_| path.is_none());
        // What is not known yet, and an object that was checked already, may bring it.
        let brought =
            path.is_none() && (open || object.is_some_and(|object| configured(config, object)));
        // What is not to be shown is not quoted either.
        if shown_all_the_same(config, template, &name) || brought || (made && name == PASSWORD) {
            continue;
        }
        let missing = path.is_none() && !private.parameters.contains_key(&name);
        if let Some(object) = object.filter(|_| missing) {
            lacking.entry(object).or_default().push(name);
            continue;
        }
        let (summary, what) = match missing {
            true => ("A parameter is missing", write_it(template, &name, &problem.what)),
            false => ("This parameter is not valid", unasked(template, &name, problem.what)),
        };
        d.fail_at(path.unwrap_or_else(|| argument(&name)), summary, what);
    }
    for (object, parameters) in &lacking {
        let (summary, detail) = wiring::missing(object, parameters);
        d.fail_at(AttributePath::new(*object), summary, detail);
    }
    if !open {
        locked_out(template, &values, &private.parameters, &at, d);
    }
    owned(g, config, template, d);
    if draft.prior.is_none() {
        quilt_name(config, template, d);
    }
    public(config, template, d);
    connect::allowed(g, template, d);
    misspelt(config, template, d);
    secrets(draft, template, d);
}

/// What is missing, and how it is written.
fn write_it(template: &Template, name: &str, what: &str) -> String {
    let secret = template.parameters.get(name).is_some_and(|declared| declared.no_echo);
    match SHORTHANDS.iter().find(|short| short.parameter == name) {
        Some(short) => format!("{what} Write it as `{} = \"…\"`.", short.attribute),
        None if secret => format!(
            "{what} It is secret: write it as `parameters_wo = {{ {name} = … }}` with a `parameters_wo_version`, which keeps it out of the state."
        ),
        None => format!("{what} Write it as `parameters = {{ {name} = \"…\" }}`."),
    }
}

/// What an argument of ours sets, and the template does not take.
fn unasked(template: &Template, name: &str, what: String) -> String {
    match SHORTHANDS.iter().find(|short| short.parameter == name && !template.declares(name)) {
        Some(short) => format!(
            "{what} Remove `{}`, or give a template of Quilt that takes it.",
            short.attribute
        ),
        None => what,
    }
}

/// Warns of ids of resources that are misspelt. One that is like no other may be a resource that this template takes away.
fn misspelt(config: &StackState, template: &Template, d: &mut Diagnostics) {
    let lists = [
        ("allow_replacement", &config.allow_replacement, "So this allows nothing."),
        ("retain_resources", &config.retain_resources, "So nothing is kept by this."),
        (
            "rollback_resources_to_skip",
            &config.rollback_resources_to_skip,
            "So this skips nothing.",
        ),
    ];
    for (attribute, ids, effect) in lists {
        for id in set(ids) {
            if id.contains('.') || template.resources.contains_key(&id) {
                continue;
            }
            if let Some(near) = near(&id, template.resources.keys().map(String::as_str)) {
                let summary = format!("The template has no resource {id}");
                let detail = format!("{effect} Did you mean `{near}`?");
                d.warn_at(AttributePath::new(attribute), summary, detail);
            }
        }
    }
}

/// The argument that stands for a parameter.
pub fn argument(parameter: &str) -> AttributePath {
    let short = SHORTHANDS.iter().find(|short| short.parameter == parameter);
    AttributePath::new(short.map_or("parameters", |short| short.attribute))
}

/// Refuses parameters that a `quilt_sso` sets as well: each has one owner.
fn owned(g: &Gathered, config: &StackState, template: &Template, d: &mut Diagnostics) {
    let set = config.written(template);
    for claim in &g.claims {
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

/// Refuses a template that does what the configuration gives no leave for. What a stack has already was given leave.
pub fn leave(draft: &Draft, loaded: &Loaded, template: &Template, d: &mut Diagnostics) {
    let planned = &draft.planned;
    let same =
        |prior: &StackState| !loaded.changes(prior) && prior.capabilities == planned.capabilities;
    let given = match (&planned.capabilities, &draft.prior) {
        (_, Some(prior)) if same(prior) => return,
        (Value::Unknown, Some(_)) => return,
        (Value::Value(given), _) if given.0.contains(&Value::Unknown) => return,
        (Value::Value(_), _) => set(&planned.capabilities),
        _ if draft.config.capabilities.is_unknown() => return,
        _ => ["CAPABILITY_NAMED_IAM".to_string()].into(),
    };
    for need in template.needs(draft.prior.is_none()) {
        if !need.capabilities.iter().any(|capability| given.contains(*capability)) {
            let detail =
                format!("The template needs leave: {}. Add `{}`.", need.why, need.capabilities[0]);
            let at = AttributePath::new("capabilities");
            d.fail_at(at, "The template needs another capability", detail);
        }
    }
}

/// Refuses parameters that leave no way to sign in. What is not known yet may be one.
fn locked_out(
    template: &Template,
    wanted: &BTreeMap<String, Option<String>>,
    live: &Values,
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
        let at = at.get(asked).cloned().unwrap_or_else(AttributePath::root);
        d.fail_at(at, "Nobody could sign in", detail);
    }
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
    for (name, _) in config.parameters_wo.iter().flatten() {
        if shown_all_the_same(config, template, name) {
            let detail = format!(
                "The template does not declare `{name}` as secret (NoEcho), so CloudFormation shows its value to everybody who may look at the \
                 stack, and nothing would keep it out of plan and state. Give it in `parameters`. If it is a secret, have the template declare \
                 `NoEcho: true`."
            );
            let at = AttributePath::new("parameters_wo").key(name.clone());
            d.fail_at(at, "This parameter is not secret", detail);
        }
    }
}

fn shown_all_the_same(config: &StackState, template: &Template, name: &str) -> bool {
    let written = config.parameters_wo.as_ref_option().is_some_and(|p| p.contains_key(name));
    written && template.parameters.get(name).is_some_and(|p| !p.no_echo)
}

/// Warns of each secret that comes into the state.
fn secrets(draft: &Draft, template: &Template, d: &mut Diagnostics) {
    let held = draft.prior.as_ref().and_then(|prior| prior.parameters.as_ref_option());
    let new =
        |name: &String| held.and_then(|held| held.get(name)).is_none_or(|value| value.is_null());
    let secret = |name: &String| template.parameters.get(name).is_some_and(|p| p.no_echo);
    let given = draft.config.parameters.iter().flatten().filter(|(_, value)| !value.is_null());
    for (name, _) in given.filter(|(name, _)| new(name) && secret(name)) {
        let detail = format!(
            "`{name}` is secret (NoEcho), and `parameters` are kept in the state. `parameters_wo` keeps it out, with Terraform 1.11 or later."
        );
        let at = AttributePath::new("parameters").key(name.clone());
        d.warn_at(at, "A secret will be kept in the state", detail);
    }
}
