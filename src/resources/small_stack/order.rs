//! What is asked of CloudFormation for a small stack: its creation, and an update if one is needed at all.

use std::collections::{BTreeMap, BTreeSet};

use super::template::{Parameters, Shared, SmallStack, stack_name};
use super::version;
use crate::cloudformation::stack::{Order, Parameter, Stack, Template};
use crate::cx::Settings;
use crate::outcome::Result;
use crate::quilt::templates::{Templates, declared};
use crate::resources::tags;

/// The order for a creation.
pub fn creation<S: SmallStack>(
    settings: &Settings,
    templates: Templates,
    planned: &S,
    parameters: Parameters,
) -> Result<Order> {
    let Shared { name, template_version, tags_all, .. } = planned.shared();
    let text = version::template(templates, template_version)?;
    let declared = declared(text);
    let parameters = parameters.into_iter().filter(|(name, _)| declared.contains(name));
    Ok(Order {
        name: stack_name::<S>(name.as_deref_option().unwrap_or_default()),
        template: Template::Body(text.into()),
        parameters: parameters.map(|(name, value)| (name, Parameter::Value(value))).collect(),
        tags: Some(tags::to_send(settings, tags_all, &BTreeMap::new())),
        capabilities: capabilities::<S>(),
        ..Order::default()
    })
}

/// The order for an update of the stack as it is now; `None`: it has the template, the tags and the parameters that are wanted.
pub fn update<S: SmallStack>(
    settings: &Settings,
    templates: Templates,
    planned: &S,
    live: &Stack,
) -> Result<Option<Order>> {
    let Shared { template_version, tags_all, .. } = planned.shared();
    let template = version::other(templates, template_version, live)?;
    let changes = planned.changes(live, template)?;
    let tags = tags::to_send(settings, tags_all, &live.tags);
    if changes.is_none() && template.is_none() && tags == live.tags {
        return Ok(None);
    }
    let previous =
        || live.parameters.keys().map(|name| (name.clone(), Parameter::Previous)).collect();
    Ok(Some(Order {
        name: live.name.clone(),
        template: template.map_or(Template::Previous, |text| Template::Body(text.into())),
        parameters: changes.unwrap_or_else(previous),
        tags: Some(tags),
        capabilities: capabilities::<S>(),
        ..Order::default()
    }))
}

fn capabilities<S: SmallStack>() -> BTreeSet<String> {
    S::CAPABILITIES.iter().map(|name| name.to_string()).collect()
}
