//! The plan of a `quilt_stack`: what will happen, as far as it can be known, and what cannot.

use std::collections::{BTreeMap, BTreeSet};

use super::first::{self, Found};
use super::foreseen::{Operation, decided};
use super::order::{SHORTHANDS, Wanted, differs, resends, set, taken_over};
use super::source::{self, Loaded};
use super::{
    StackPrivate, StackResource, StackState, Strings, admin, certificate, inherit, network,
    preview, problems, secret, silent, stays, stuck, upgrade, wiring,
};
use crate::aws::Aws;
use crate::cloudformation::parameters::near;
use crate::cloudformation::status::Status;
use crate::cloudformation::template::{MAX_BODY, Template};
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::resources::{stack_policy, standing, tags};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<StackResource>, d: &mut Diagnostics) -> Result<()> {
    let aws = cx.aws_if_known(draft.planned.region.as_ref_option().map(String::as_str)).await?;
    if let (Value::Unknown, Value::Null, Some(aws)) =
        (&draft.planned.region, &draft.config.region, &aws)
    {
        draft.planned.region = aws.region.clone().into();
    }
    if let Some(prior) = draft
        .prior
        .clone()
        .filter(|prior| status(prior) == Status::DeleteFailed && draft.replace.is_empty())
    {
        stuck::half_deleted(draft, &prior, d);
        return Ok(());
    }
    let as_it_is = draft.config.disable_rollback == Value::Value(true);
    if let Some(prior) =
        draft.prior.clone().filter(|prior| standing::stuck(&status(prior), as_it_is))
    {
        standing::replaced(&StackResource::subject(&prior), &status(&prior), d);
        draft.planned.id = Value::Unknown;
        draft.replace.push(AttributePath::new("id"));
        return Ok(());
    }
    draft.private.found = None;
    let loaded = source::load(aws.as_deref(), &draft.config, draft.prior.as_ref()).await?;
    let first = first::plan(cx, draft);
    first
        .iter()
        .filter_map(|first| first.found.as_ref())
        .try_for_each(|found| found.same(loaded.as_ref()))?;
    // What the first plan has looked at is not looked at again.
    let looks = aws.as_deref().filter(|_| first.is_none());
    for state in [Some(&draft.config), draft.prior.as_ref()].into_iter().flatten() {
        secret::hide(&cx.veil, state, loaded.as_ref().and_then(Loaded::known), &draft.private);
    }
    if let Some(loaded) = &loaded {
        if loaded.kept {
            let detail = "The stack keeps the template it has. To change it, put the file back; a deletion needs no file.";
            d.warn_at(AttributePath::new(loaded.at), "The template file is gone", detail);
        }
        understood(looks, loaded, d).await?;
        for excess in loaded.known().map(Template::excess).unwrap_or_default() {
            d.fail_at(
                AttributePath::new(loaded.at),
                "The template is larger than CloudFormation takes",
                format!("{excess} Split it into nested stacks."),
            );
        }
        let doubled = loaded
            .known()
            .map(|template| template.doubled.join(", "))
            .filter(|doubled| !doubled.is_empty());
        if let Some(doubled) = doubled {
            let detail = format!(
                "{doubled}: of two entries of one name CloudFormation takes the last, and so does this plan. Keep one of them."
            );
            d.warn_at(AttributePath::new(loaded.at), "A key stands twice in the template", detail);
        }
        network::check(draft.prior.is_none(), &draft.config, loaded, d);
        misspelt(&draft.config, loaded, d);
        match &first {
            Some(first) if first.inherited.is_some() => {
                draft.private.inherited = first.inherited.clone()
            }
            _ => inherit::plan(cx, aws.as_deref(), draft, loaded, d).await?,
        }
        let has = |name: &str| {
            let private = &draft.private;
            private.parameters.contains_key(name)
                || private.inherited.as_ref().is_some_and(|values| values.contains_key(name))
        };
        wiring::check(&draft.config, has, loaded, d);
        problems::check(cx, draft, loaded, d);
        problems::leave(draft, loaded, d);
        if let Some(aws) = looks {
            upgrade::check(aws, draft, loaded, d).await?;
            silent::tell(aws, draft, loaded, d).await?;
            certificate::check(aws, draft, loaded.known(), d).await;
        }
        if let Some(aws) = looks.filter(|_| tells(draft, loaded)) {
            secret::check(cx, aws, &draft.config, loaded.known(), d).await?;
        }
    }
    stays::tell(cx, draft, loaded.as_ref(), d);
    let mut shown = None;
    match draft.prior.clone() {
        None => creation(cx, draft, loaded.as_ref(), d),
        Some(prior) => {
            let touched = update(cx, draft, prior.clone(), loaded.as_ref(), d)?;
            if status(&prior) == Status::UpdateRollbackFailed {
                let deploy = aws.map(|aws| Deploy { cx, aws });
                stuck::not_rolled_back(deploy.as_ref(), &prior, &draft.planned, d).await?;
            } else if first.is_none() && (touched.template || touched.parameters) {
                shown =
                    preview::show(cx, aws.as_ref(), draft, loaded.as_ref(), touched.template, d)
                        .await?;
            }
        }
    }
    match first {
        Some(first) => draft.private.found = first.found,
        None => {
            draft.private.found = Some(Found::of(loaded.as_ref(), shown.as_ref()));
            first::keep(cx, draft);
        }
    }
    Ok(())
}

/// The stack is to be told the database's password.
fn tells(draft: &Draft<StackResource>, loaded: &Loaded) -> bool {
    let (private, template) = (&draft.private, loaded.known());
    draft.prior.as_ref().is_none_or(|prior| {
        secret::sends(prior, &draft.planned, template, private, &private.parameters)
    })
}

fn status(state: &StackState) -> Status {
    Status::from(state.status.as_ref_option().map_or("", String::as_str))
}

/// Refuses a template that is none. One that we cannot read may still be one: then CloudFormation is asked.
async fn understood(aws: Option<&Aws>, loaded: &Loaded, d: &mut Diagnostics) -> Result<()> {
    let Err(misread) = &loaded.template else { return Ok(()) };
    let refuse = |why: String| {
        Err(Error::config(
            AttributePath::new(loaded.at),
            "This is not a CloudFormation template.",
            why,
        ))
    };
    if misread.certain {
        return refuse(format!("What is wrong: {}.", misread.why));
    }
    let small = !loaded.unread() && loaded.text.len() <= MAX_BODY;
    if let Some(aws) = aws.filter(|_| small)
        && let Err(Error::Aws(e)) = aws.stacks.validate(&loaded.text).await
        && e.kind == AwsErrorKind::Invalid
    {
        return refuse(format!("CloudFormation says: {}", e.message));
    }
    let blind =
        "Parameters are not checked before the apply, and a change of layout counts as a change.";
    let detail = format!("What is wrong: {}. {blind}", misread.why);
    d.warn_at(AttributePath::new(loaded.at), "The template was not understood here", detail);
    Ok(())
}

/// Warns of ids in `allow_replacement` that the template does not have. Those in nested stacks are not known here.
fn misspelt(config: &StackState, loaded: &Loaded, d: &mut Diagnostics) {
    let Some(template) = loaded.known() else { return };
    let known: Vec<_> = template.resources.keys().map(String::as_str).collect();
    for id in set(&config.allow_replacement) {
        if id.contains('.') || known.contains(&id.as_str()) {
            continue;
        }
        // One that is like no other may be a resource that this template takes away.
        let Some(near) = near(&id, known.iter().copied()) else { continue };
        d.warn_at(
            AttributePath::new("allow_replacement"),
            format!("The template has no resource {id}"),
            format!("So this allows nothing. Did you mean `{near}`?"),
        );
    }
}

/// A creation: everything that the configuration already decides is known.
fn creation(
    cx: &Cx,
    draft: &mut Draft<StackResource>,
    loaded: Option<&Loaded>,
    d: &mut Diagnostics,
) {
    let Draft { config, planned, private, .. } = draft;
    let template = loaded.and_then(Loaded::known);
    let mut wanted = Wanted::of(config, template)
        .inherit(private.inherited.as_ref().unwrap_or(&BTreeMap::new()))
        .values;
    for (_, parameter) in SHORTHANDS.iter().filter(|_| inherit::open(config, private)) {
        wanted.entry((*parameter).into()).or_insert(Value::Unknown);
    }
    keep_null(&mut planned.parameters, &config.parameters);
    keep_null(&mut planned.iam_role_arn, &config.iam_role_arn);
    if matches!(config.capabilities, Value::Null) {
        planned.capabilities = Set(vec![Value::Value("CAPABILITY_NAMED_IAM".to_string())]).into();
    }
    if matches!(config.enable_termination_protection, Value::Null) {
        planned.enable_termination_protection = true.into();
    }
    shorthands(planned, &wanted, &BTreeMap::new(), template);
    planned.template_sha256 = loaded.map_or(Value::Unknown, |l| l.digest.clone().into());
    planned.tags_all = tags::of_stack(&cx.settings, &planned.tags, d);
    planned.admin_password_secret_arn = admin::planned(config, loaded);
    planned.planned_changes = Value::Null;
    decided(planned, template);
}

fn keep_null<T: Clone>(planned: &mut Value<T>, config: &Value<T>) {
    if matches!(config, Value::Null) {
        *planned = Value::Null;
    }
}

/// What stands for parameters says what they will be: the value wanted, else the one the stack has, else the template's default.
fn shorthands(
    planned: &mut StackState,
    wanted: &BTreeMap<String, Value<String>>,
    live: &BTreeMap<String, String>,
    template: Option<&Template>,
) {
    let slots = [&mut planned.web_host, &mut planned.certificate_arn, &mut planned.admin_email];
    for ((_, parameter), slot) in SHORTHANDS.iter().zip(slots) {
        let default = || template.and_then(|t| t.parameters.get(*parameter)?.default.clone());
        *slot = match wanted.get(*parameter) {
            Some(value) => value.clone(),
            None if template.is_none() && live.is_empty() => continue,
            None => live.get(*parameter).cloned().or_else(default).into(),
        };
    }
}

/// What an update will touch.
#[derive(Default)]
pub struct Touched {
    template: bool,
    parameters: bool,
    role: bool,
    topics: bool,
    /// Tags.
    pub tags: bool,
    /// A running operation is waited for.
    pub resumes: bool,
    /// A failed one is tried again.
    pub retries: bool,
    /// A rollback that failed is continued.
    pub continues: bool,
}

impl Touched {
    /// Outputs may change.
    pub fn outputs(&self) -> bool {
        self.template
            || self.parameters
            || self.role
            || self.topics
            || self.resumes
            || self.retries
            || self.continues
    }
}

fn update(
    cx: &Cx,
    draft: &mut Draft<StackResource>,
    prior: StackState,
    loaded: Option<&Loaded>,
    d: &mut Diagnostics,
) -> Result<Touched> {
    let Draft { config, planned, private, .. } = draft;
    same_template(planned, &prior, loaded);
    if stack_policy::same(&prior.policy_body, &planned.policy_body) {
        planned.policy_body = prior.policy_body.clone();
    }
    if matches!(config.enable_termination_protection, Value::Null) && private.created {
        planned.enable_termination_protection = true.into();
    }
    planned.tags_all = tags::of_stack(&cx.settings, &planned.tags, d);
    let touched = touched(config, planned, &prior, private, loaded);
    if !touched.parameters
        && planned.parameters.is_value()
        && names(&prior.parameters) == names(&planned.parameters)
    {
        planned.parameters = prior.parameters.clone();
    }
    let template = loaded.and_then(Loaded::known);
    shorthands(planned, &Wanted::of(config, template).values, &private.parameters, template);
    let operation = Operation { config, prior: &prior, private, loaded };
    if touched.tags && !touched.outputs() && !private.replaces.is_empty() {
        replaces(&StackResource::subject(&prior), &private.replaces, d);
    }
    operation.foresee(planned, &touched);
    planned.admin_password_secret_arn = prior.admin_password_secret_arn.clone();
    if taken_over(&prior, private) && planned.parameters_wo_version.is_value() {
        keeps_secrets("parameters_wo_version", "`parameters_wo` holds other values", d);
    } else if taken_over(&prior, private)
        && matches!(prior.database, Value::Null)
        && secret::way(planned, template).is_some()
    {
        keeps_secrets("database", "the database's password is another one", d);
    }
    if touched.resumes {
        standing::resumes(&StackResource::subject(&prior), &status(&prior), d);
    }
    let as_it_is = planned.disable_rollback == Value::Value(true);
    if touched.retries {
        standing::retries(&StackResource::subject(&prior), &status(&prior), d);
    }
    if touched.outputs() && status(&prior) != Status::UpdateRollbackFailed {
        standing::updatable(&status(&prior), as_it_is)?;
    }
    Ok(touched)
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
    let given = |(name, value)| (!matches!(value, &Value::Null)).then_some(name);
    Some(parameters.as_ref_option()?.iter().filter_map(given).collect())
}

fn keeps_secrets(at: &'static str, other: &str, d: &mut Diagnostics) {
    let detail = format!(
        "What CloudFormation keeps secret cannot be compared. If {other}, raise `parameters_wo_version` after this apply."
    );
    d.warn_at(AttributePath::new(at), "An imported stack keeps its secrets", detail);
}

/// A template that means the same is no change, wherever it stands.
fn same_template(planned: &mut StackState, prior: &StackState, loaded: Option<&Loaded>) {
    let Some(loaded) = loaded.filter(|l| prior.template_sha256 == Value::Value(l.digest.clone()))
    else {
        return;
    };
    let (slot, before) = match loaded.at {
        "template_file" => (&mut planned.template_file, &prior.template_file),
        "template_body" => (&mut planned.template_body, &prior.template_body),
        _ => (&mut planned.template_url, &prior.template_url),
    };
    if before.is_value() {
        *slot = before.clone();
    }
}

fn touched(
    config: &StackState,
    planned: &StackState,
    prior: &StackState,
    private: &StackPrivate,
    loaded: Option<&Loaded>,
) -> Touched {
    let template = loaded.and_then(Loaded::known);
    let wanted = Wanted::of(config, template);
    let tells = secret::sends(prior, planned, template, private, &private.parameters);
    let changes = |(name, value): (&String, &Value<String>)| match value {
        Value::Value(value) => differs(template, name, value, &private.parameters, prior, private),
        _ => true,
    };
    Touched {
        template: loaded.is_none_or(|l| prior.template_sha256 != Value::Value(l.digest.clone())),
        parameters: wanted.open
            || wanted.values.iter().any(changes)
            || resends(prior, planned, private)
            || tells,
        role: planned.iam_role_arn != prior.iam_role_arn,
        topics: matches!(planned.notification_arns, Value::Unknown)
            || set(&planned.notification_arns) != set(&prior.notification_arns),
        tags: planned.tags_all != prior.tags_all,
        resumes: !status(prior).settled(),
        retries: status(prior).left_as_it_is(),
        continues: status(prior) == Status::UpdateRollbackFailed && stuck::continues(config),
    }
}
