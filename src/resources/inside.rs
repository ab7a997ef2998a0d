//! Stacks from a template inside the provider: which version one has, and how it comes to another or to other parameters.

use std::collections::BTreeMap;

use super::place::Place;
use super::protection;
use super::tags::{self, Tags};
use super::timeouts::Limits;
use super::usage;
use crate::cloudformation::stack::{Order, Parameter, Removal, Stack, Template};
use crate::cx::{Cx, Settings, Staying};
use crate::deploy::protection::{OF_INSTANCE, Shield};
use crate::deploy::{Deploy, name_of};
use crate::outcome::{Error, Result};
use crate::quilt::templates::{self, Templates};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

const VERSION: &str = "template_version";

/// Such a stack as a state knows it.
pub struct Inside<'a> {
    /// What it is, for a sentence: "network".
    pub what: &'static str,
    /// The attribute that holds its ARN, and what stands there.
    pub id: (&'static str, &'a Value<String>),
    /// Its region.
    pub region: &'a Value<String>,
    /// How long an apply waits.
    pub limits: Limits,
    /// The argument that protects it from deletion, and what stands there.
    pub protection: (&'static str, &'a Value<bool>),
}

impl Inside<'_> {
    /// The way to it.
    pub async fn to<'a>(&self, cx: &'a Cx) -> Result<Deploy<'a>> {
        let id = self.id.1.as_ref_option().map_or("", String::as_str);
        Deploy::of(cx, id, self.region.as_ref_option().map(String::as_str)).await
    }

    /// Its ARN.
    ///
    /// # Errors
    /// The state has none.
    pub fn id(&self) -> Result<&str> {
        let (attribute, id) = self.id;
        let missing = || {
            let what = format!("The state has no `{attribute}`.");
            Error::config(
                AttributePath::new(attribute),
                what,
                format!("Import the {} again.", self.what),
            )
        };
        id.as_ref_option().map(String::as_str).ok_or_else(missing)
    }

    /// The stack as it is; `None`: there is none.
    pub async fn look<'a>(&self, cx: &'a Cx) -> Result<Option<(Deploy<'a>, Stack)>> {
        let deploy = self.to(cx).await?;
        let stack = deploy.find(self.id()?).await?;
        Ok(stack.map(|stack| (deploy, stack)))
    }

    /// How it is deleted.
    fn removal(&self) -> Removal {
        Removal { argument: Some(self.protection.0), shared: true, ..Removal::default() }
    }

    /// Refuses to plan its deletion while it is protected, or while something that stays uses it. `subject` is as "Database data".
    pub async fn plan_delete(&self, cx: &Cx, subject: String, d: &mut Diagnostics) -> Result<()> {
        let (argument, says) = self.protection;
        let name = self.id.1.as_ref_option().map_or("", |id| name_of(id));
        let region = self.region.as_ref_option().map_or("", String::as_str);
        let said = (*says == Value::Value(true)).then(|| match argument {
            OF_INSTANCE => Shield::of_instance_in(name, region, &self.removal()),
            _ => Shield::of_stack(name, region, &self.removal()),
        });
        let looked = async { self.to(cx).await?.shield(self.id()?, &self.removal()).await };
        protection::deletion(looked.await, said, d)?;
        match self.to(cx).await {
            Ok(deploy) if !d.failed() => usage::goes(&deploy, self.id()?, subject, d).await,
            Ok(_) | Err(Error::NotYet | Error::Aws(_)) => Ok(()),
            Err(e) => Err(e),
        }
    }

    /// Tells a plan that it stays where it lives. `subject` is as "Database data".
    pub fn stays(&self, cx: &Cx, subject: String, (vpc, subnets): Place, d: &mut Diagnostics) {
        let Value::Value(id) = self.id.1 else { return };
        let subnets = subnets
            .as_ref_option()
            .into_iter()
            .flatten()
            .filter_map(|id| id.as_ref_option().cloned());
        let parameters = [
            ("Vpc".to_string(), vpc.as_ref_option().cloned()),
            ("Subnets".into(), Some(subnets.collect::<Vec<_>>().join(","))),
        ];
        usage::stays(cx, &Staying { id: id.clone(), subject, parameters: parameters.into() }, d);
    }

    /// Deletes it.
    pub async fn delete(&self, cx: &Cx) -> Result<()> {
        self.to(cx).await?.delete(self.id()?, &self.removal(), self.limits.delete).await
    }
}

/// Checks the version of a configuration.
pub fn validate(templates: Templates, version: &Value<String>, d: &mut Diagnostics) {
    if let Some(Err(why)) = version.as_ref_option().map(|version| templates.check(version)) {
        d.fail_at(AttributePath::new(VERSION), "This release has no such template", why);
    }
}

/// Plans the version: the newest for a new stack; afterwards it stays until another is written.
pub fn plan(
    templates: Templates,
    planned: &mut Value<String>,
    config: &Value<String>,
    prior: Option<&Value<String>>,
    d: &mut Diagnostics,
) {
    match (prior, &config, &planned) {
        (None, Value::Null, _) => *planned = templates.newest().into(),
        // What a creation that was stopped has not told yet.
        (Some(_), Value::Null, Value::Null) => *planned = Value::Unknown,
        (Some(Value::Value(from)), Value::Value(to), _) => {
            if let Err(why) = templates::check_path(from, to) {
                d.fail_at(
                    AttributePath::new(VERSION),
                    "The version of a template only goes up",
                    why,
                );
            }
        }
        _ => {}
    }
}

/// Plans the version of a stack that is taken over: it stays as it is unless another is written.
pub fn adopts(planned: &mut Value<String>, config: &Value<String>) {
    if matches!(config, Value::Null) {
        *planned = Value::Unknown;
    }
}

/// Plans the provider's region where none is given, as soon as the provider's settings are known.
pub async fn region(cx: &Cx, planned: &mut Value<String>, config: &Value<String>) -> Result<()> {
    if let (Value::Unknown, Value::Null) = (&planned, config)
        && let Some(aws) = cx.aws_if_known(None).await?
    {
        *planned = aws.region.clone().into();
    }
    Ok(())
}

/// The version a stack was made from, where it is complete enough to tell.
pub fn version(stack: &Stack) -> Option<String> {
    stack.outputs.get(templates::OUTPUT).cloned()
}

/// The text of a version; of the newest where none is known.
///
/// # Errors
/// This release has no such version.
pub fn text(templates: Templates, version: &Value<String>) -> Result<&'static str> {
    let newest = templates.newest();
    let version = version.as_ref_option().unwrap_or(&newest);
    let missing = || {
        let fix = format!("Use the release that made it, or write `{VERSION} = \"{newest}\"`.");
        Error::config(AttributePath::new(VERSION), "This release has no such template", fix)
    };
    templates.of(version).ok_or_else(missing)
}

/// The text of another version than the one a stack was made from, where another is wanted.
///
/// # Errors
/// This release has no such version.
pub fn other(
    templates: Templates,
    wanted: &Value<String>,
    live: &Stack,
) -> Result<Option<&'static str>> {
    match (wanted, version(live)) {
        (Value::Value(to), Some(from)) if *to != from => text(templates, wanted).map(Some),
        _ => Ok(None),
    }
}

/// The order for an update of the stack as it is now; `None`: it has the template, the tags and the parameters that are wanted.
pub fn update(
    settings: &Settings,
    tags_all: &Tags,
    live: &Stack,
    template: Option<&str>,
    changes: Option<BTreeMap<String, Parameter>>,
) -> Option<Order> {
    let tags = tags::to_send(settings, tags_all, &live.tags);
    if changes.is_none() && template.is_none() && tags == live.tags {
        return None;
    }
    let previous =
        || live.parameters.keys().map(|name| (name.clone(), Parameter::Previous)).collect();
    Some(Order {
        name: live.name.clone(),
        template: template.map_or(Template::Previous, |text| Template::Body(text.into())),
        parameters: changes.unwrap_or_else(previous),
        tags: Some(tags),
        ..Order::default()
    })
}
