//! What a stack will be: the draft of a creation and of an update, as far as the configuration and what was gathered decide it.

use std::collections::{BTreeMap, BTreeSet};

use super::foreseen::{Operation, connect_host, decided};
use super::stuck::not_rolled_back;
use super::touched::Touched;
use crate::cloudformation::status::Status;
use crate::cx::Settings;
use crate::outcome::Result;
use crate::resources::stack::catalogued;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::order::secrets::taken_over;
use crate::resources::stack::quilt::{admin, inherit, objects};
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::{Draft, StackPrivate, StackState, Strings};
use crate::resources::{protection, stack_policy, standing, tags};
use crate::tf::{AttributePath, Diagnostics, Kind, Report, Set, Value, known};

/// Plans a creation: everything that the configuration already decides is known.
pub fn creation(settings: &Settings, g: &Gathered, draft: &mut Draft, d: &mut Diagnostics) {
    shorthands(g, draft);
    let Draft { config, planned, .. } = draft;
    keep_null(&mut planned.parameters, &config.parameters);
    keep_null(&mut planned.iam_role_arn, &config.iam_role_arn);
    if config.capabilities.is_null() {
        planned.capabilities = Set(vec![known("CAPABILITY_NAMED_IAM")]).into();
    }
    let protected = &mut planned.enable_termination_protection;
    protection::plan(protected, &config.enable_termination_protection, true);
    planned.provisioned_product_id = Value::Null;
    planned.template_sha256 = digest(g);
    planned.tags_all = tags::of_stack(settings, &planned.tags, d);
    planned.admin_password_secret_arn = admin::planned(config, g.loaded.as_ref());
    decided(planned, g.template());
    connect(g, draft);
}

/// What a creation decides of Connect; what another stack hands down may be anything.
fn connect(g: &Gathered, draft: &mut Draft) {
    let Draft { config, planned, private, .. } = draft;
    let Some(template) = g.template().filter(|_| !inherit::open(config, private)) else { return };
    let (prior, private) = (StackState::default(), StackPrivate::default());
    let (loaded, wanted) = (g.loaded.as_ref(), &g.wanted);
    let operation = Operation { config, prior: &prior, private: &private, loaded, wanted };
    let mut known = operation.known(template);
    let own = [("AWS::StackName", &planned.name), ("AWS::Region", &planned.region)];
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value.as_ref_option()?)));
    known.extend(own.map(|(name, value)| (name.to_string(), value.clone())));
    connect_host(planned, template, &known);
}

/// Plans an update.
pub fn update(
    settings: &Settings,
    g: &Gathered,
    draft: &mut Draft,
    prior: &StackState,
    d: &mut Diagnostics,
) -> Result<Touched> {
    configured(settings, g, draft, prior, d);
    let touched = Touched::of(g, draft, prior);
    if !touched.parameters {
        same_parameters(&mut draft.planned, prior, &draft.config);
        same_objects(&mut draft.planned, prior);
    } else if draft.config.parameters.is_null() {
        follow(&mut draft.planned.parameters, &g.wanted.values);
    }
    shorthands(g, draft);
    let Draft { config, planned, private, .. } = &mut *draft;
    let (loaded, wanted) = (g.loaded.as_ref(), &g.wanted);
    Operation { config, prior, private, loaded, wanted }.foresee(planned, &touched);
    warnings(g, draft, prior, &touched, d);
    may_begin(g, &draft.planned, prior, &touched, d)?;
    Ok(touched)
}

/// What the configuration decides by itself. What is written another way and means the same stays as it was.
fn configured(
    settings: &Settings,
    g: &Gathered,
    draft: &mut Draft,
    prior: &StackState,
    d: &mut Diagnostics,
) {
    let Draft { config, planned, private, .. } = draft;
    same_template(planned, prior, g.loaded.as_ref());
    if stack_policy::same(&prior.policy_body, &planned.policy_body) {
        planned.policy_body = prior.policy_body.clone();
    }
    let protected = &mut planned.enable_termination_protection;
    protection::plan(protected, &config.enable_termination_protection, private.created);
    planned.tags_all = tags::of_stack(settings, &planned.tags, d);
    planned.admin_password_secret_arn = prior.admin_password_secret_arn.clone();
    planned.provisioned_product_id = prior.provisioned_product_id.clone();
}

/// Parameters that the stack has already, whichever way they were written before.
fn same_parameters(planned: &mut StackState, prior: &StackState, config: &StackState) {
    // What an argument of its own says need not be said here as well.
    let said = |name: &&String| {
        SHORTHANDS.iter().any(|s| s.parameter == name.as_str() && (s.value)(config).is_value())
    };
    let named = |parameters: &Value<Strings>| {
        let names = names(parameters).into_iter().flatten().filter(|name| !said(name));
        names.cloned().collect::<Vec<_>>()
    };
    let both = planned.parameters.is_value() && prior.parameters.is_value();
    if both && named(&prior.parameters) == named(&planned.parameters) {
        planned.parameters = prior.parameters.clone();
    }
}

/// What an import has written down of the stack's parameters follows what other arguments say of them: it would be sent in their place.
fn follow(written: &mut Value<Strings>, wanted: &BTreeMap<String, Value<String>>) {
    let Value::Value(written) = written else { return };
    for (name, value) in written {
        if let Some(wanted) = wanted.get(name) {
            *value = wanted.clone();
        }
    }
}

/// Objects that stand for the same parameters: a whole resource and its ids written out are one network.
fn same_objects(planned: &mut StackState, prior: &StackState) {
    as_before(&mut planned.network, &prior.network);
    as_before(&mut planned.search, &prior.search);
}

fn as_before<T: Kind + Clone>(planned: &mut Value<T>, prior: &Value<T>) {
    if planned.is_value() && prior.is_value() && planned.write().is_known() {
        *planned = prior.clone();
    }
}

/// Whether CloudFormation begins an update of the stack as it stands.
fn may_begin(
    g: &Gathered,
    planned: &StackState,
    prior: &StackState,
    touched: &Touched,
    d: &mut Diagnostics,
) -> Result<()> {
    let as_it_is = planned.disable_rollback == Value::Value(true);
    match prior.status() {
        Status::UpdateRollbackFailed => not_rolled_back(&g.unrestored, prior, planned, d),
        status if touched.outputs() => standing::updatable(&status, as_it_is),
        _ => Ok(()),
    }
}

fn digest(g: &Gathered) -> Value<String> {
    g.loaded.as_ref().map_or(Value::Unknown, |loaded| loaded.digest.clone().into())
}

fn keep_null<T: Clone>(planned: &mut Value<T>, config: &Value<T>) {
    if config.is_null() {
        *planned = Value::Null;
    }
}

/// What stands for parameters says what they will be: the value wanted, else the one the stack has, else the template's default.
fn shorthands(g: &Gathered, draft: &mut Draft) {
    let (live, new) = (&draft.private.parameters, draft.prior.is_none());
    let open = new && inherit::open(&draft.config, &draft.private);
    let empty = Default::default();
    let live = if new { &empty } else { live };
    for short in &SHORTHANDS {
        let default = || g.template()?.parameters.get(short.parameter)?.default.clone();
        let value = match g.wanted.values.get(short.parameter) {
            Some(value) => value.clone(),
            None if open => Value::Unknown,
            None if g.template().is_none() && live.is_empty() => continue,
            None => live.get(short.parameter).cloned().or_else(default).into(),
        };
        *(short.slot)(&mut draft.planned) = value;
    }
}

/// What the person must know of an update.
fn warnings(
    g: &Gathered,
    draft: &Draft,
    prior: &StackState,
    touched: &Touched,
    d: &mut Diagnostics,
) {
    let (planned, private, subject) = (&draft.planned, &draft.private, prior.subject());
    if touched.tags && !touched.outputs() && !private.replaces.is_empty() {
        replaces(&subject, &private.replaces, d);
    }
    let database = || prior.database.is_null() && objects::way(planned, g.template()).is_some();
    if taken_over(prior, private) && planned.parameters_wo_version.is_value() {
        keeps_secrets("parameters_wo_version", "`parameters_wo` holds other values", d);
    } else if taken_over(prior, private) && database() {
        keeps_secrets("database", "the database's password is another one", d);
    }
    if touched.outputs() || touched.tags {
        catalogued::updated(prior, d);
    }
    if touched.resumes {
        standing::resumes(&subject, &prior.status(), d);
    }
    if touched.retries {
        standing::retries(&subject, &prior.status(), d);
    }
}

/// Says why outputs are open that other tags do not change.
fn replaces(subject: &str, ids: &BTreeSet<String>, d: &mut Diagnostics) {
    let ids = ids.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let detail = "The last apply was refused because its plan held this for safe. What rests on it is known only after the apply now. What holds data \
                  is replaced only if `allow_replacement` names it.";
    d.warn(format!("{subject}: the update may replace or delete {ids}"), detail);
}

/// The parameters that are given a value.
fn names(parameters: &Value<Strings>) -> Option<Vec<&String>> {
    let given = parameters.as_ref_option()?.iter().filter(|(_, value)| !value.is_null());
    Some(given.map(|(name, _)| name).collect())
}

fn keeps_secrets(at: &'static str, other: &str, d: &mut Diagnostics) {
    let detail = format!(
        "What CloudFormation keeps secret cannot be compared. If {other}, raise `parameters_wo_version` after this apply."
    );
    d.warn_at(AttributePath::new(at), "An imported stack keeps its secrets", detail);
}

/// A template that means the same is no change, wherever it stands.
fn same_template(planned: &mut StackState, prior: &StackState, loaded: Option<&Loaded>) {
    let Some(loaded) = loaded.filter(|loaded| !loaded.changes(prior)) else { return };
    let (slot, before) = match loaded.at {
        "template_file" => (&mut planned.template_file, &prior.template_file),
        "template_body" => (&mut planned.template_body, &prior.template_body),
        _ => (&mut planned.template_url, &prior.template_url),
    };
    if before.is_value() {
        *slot = before.clone();
    }
}
