//! `inherit_parameters_from`: what a new stack takes over from another one, settled at plan and told there.

use std::collections::BTreeMap;

use super::order::Wanted;
use super::source::Loaded;
use super::{StackPrivate, StackResource, StackState, admin, beside, secret, wiring};
use crate::aws::Aws;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::resource::Draft;
use crate::outcome::Result;
use crate::quilt::admin::PASSWORD;
use crate::quilt::inherit::{Inherited, inherit};
use crate::quilt::wiring::Way;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

const ARGUMENT: &str = "inherit_parameters_from";

fn at() -> AttributePath {
    AttributePath::new(ARGUMENT)
}

/// Whether it is still open what a creation takes over.
pub fn open(config: &StackState, private: &StackPrivate) -> bool {
    !matches!(config.inherit_parameters_from, Value::Null) && private.inherited.is_none()
}

/// Looks, during the plan of a creation, at what is taken over, and keeps it for the apply.
pub async fn plan(
    cx: &Cx,
    aws: Option<&Aws>,
    draft: &mut Draft<StackResource>,
    loaded: &Loaded,
    d: &mut Diagnostics,
) -> Result<()> {
    draft.private.inherited = None;
    let (Value::Value(name), None) = (&draft.config.inherit_parameters_from, &draft.prior) else {
        return Ok(());
    };
    let Some(template) = loaded.known() else {
        d.fail_at(
            at(),
            "The template cannot be matched with this",
            "It was not understood here. Give its parameters in `parameters`.",
        );
        return Ok(());
    };
    let open = [&draft.config.parameters, &draft.config.parameters_wo]
        .iter()
        .any(|map| matches!(map, Value::Unknown));
    let Some(aws) = aws.filter(|_| !open) else { return Ok(()) };
    let (deploy, source) = Deploy::named(cx, ARGUMENT, name, Some(&aws.region)).await?;
    let given = given(&draft.config, template);
    let found = inherit(template, &source.parameters, &given);
    tell(name, &found, d);
    if deploy.aws.region == aws.region {
        let values = found.values.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
        let all = values.chain(given).collect();
        beside::tell(aws, &draft.config, template, &source, &all, d).await?;
    }
    draft.private.inherited = Some(found.values);
    Ok(())
}

/// What a creation takes over: as it was planned, or looked at now where the plan could not.
pub async fn values(
    cx: &Cx,
    aws: &Aws,
    planned: &StackState,
    private: &StackPrivate,
    template: Option<&Template>,
) -> Result<secret::Values> {
    match (&private.inherited, &planned.inherit_parameters_from, template) {
        (Some(values), ..) => Ok(values.clone()),
        (None, Value::Value(name), Some(template)) => {
            let mut given = planned.clone();
            // Of these the plan could only say that they will be known.
            let slots = [&mut given.web_host, &mut given.certificate_arn, &mut given.admin_email];
            slots
                .into_iter()
                .filter(|slot| matches!(slot, Value::Unknown))
                .for_each(|slot| *slot = Value::Null);
            let (_, source) = Deploy::named(cx, ARGUMENT, name, Some(&aws.region)).await?;
            Ok(inherit(template, &source.parameters, &self::given(&given, template)).values)
        }
        _ => Ok(secret::Values::new()),
    }
}

/// The parameters that the configuration gives itself, in whatever way.
fn given(config: &StackState, template: &Template) -> BTreeMap<String, Option<String>> {
    let wanted = Wanted::of(config, Some(template)).values;
    let mut given: BTreeMap<_, _> =
        wanted.into_iter().map(|(name, value)| (name, value.as_ref_option().cloned())).collect();
    let secrets = config.parameters_wo.as_ref_option().into_iter().flatten();
    given.extend(secrets.map(|(name, value)| (name.clone(), value.as_ref_option().cloned())));
    // An object brings all of its parameters or the plan says what it lacks.
    let brought = |name: &&String| {
        wiring::bringer(template, name).is_some_and(|object| wiring::given(config, object))
    };
    let brought: Vec<_> = template.parameters.keys().filter(brought).cloned().collect();
    let way = secret::way(config, Some(template)).map(Way::secret_parameters).unwrap_or_default();
    let made = admin::makes(config, Some(template)).map(|_| PASSWORD);
    for name in brought.into_iter().chain(way.iter().copied().chain(made).map(String::from)) {
        given.entry(name).or_insert(None);
    }
    given
}

/// Names what is not taken over.
fn tell(name: &str, found: &Inherited, d: &mut Diagnostics) {
    if !found.secret.is_empty() {
        let names: Vec<_> = found.secret.iter().map(|p| format!("`{p}`")).collect();
        let detail = format!(
            "AWS gives no secret out, so this stack does not get what {name} has for {}. Give in `parameters_wo` those that are needed.",
            names.join(", ")
        );
        d.warn_at(at(), "Secrets are not inherited", detail);
    }
    let mut ways: Vec<_> = found
        .off
        .iter()
        .map(|p| format!("Sign-in through {} is on in {name} and stays off here.", p.label()))
        .collect();
    if found.password {
        ways.push("Sign-in with a password stays on, so that somebody can sign in.".into());
    }
    if !ways.is_empty() {
        let detail =
            format!("{} A `quilt_sso` with the client's secret turns it on.", ways.join(" "));
        d.warn_at(at(), "Sign-in is not inherited as it is", detail);
    }
}
