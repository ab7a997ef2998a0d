//! What is asked of CloudFormation for a `quilt_network`: its creation, and an update if one is needed at all.

use std::collections::BTreeMap;

use super::{NetworkState, check};
use crate::cx::Settings;
use crate::outcome::{Error, Result};
use crate::quilt::network::{self, Made};
use crate::quilt::stack::{Order, Parameter, Stack, Template};
use crate::resources::tags;
use crate::tf::AttributePath;

/// The order for a creation.
pub fn creation(settings: &Settings, planned: &NetworkState) -> Result<Order> {
    let parameters = check::settings(planned)?.parameters().into_iter();
    Ok(Order {
        name: network::stack_name(planned.name.as_ref_option().map_or("", String::as_str)),
        template: template(planned)?,
        parameters: parameters.map(|(name, value)| (name, Parameter::Value(value))).collect(),
        tags: Some(tags::to_send(settings, &planned.tags_all, &BTreeMap::new())),
        ..Order::default()
    })
}

/// The order for an update of the stack as it is now; `None`: it is as it should be.
pub fn update(settings: &Settings, planned: &NetworkState, live: &Stack) -> Result<Option<Order>> {
    let wanted = check::settings(planned)?;
    let made = Made::of(&live.outputs).ok();
    let new_template = made.as_ref().is_some_and(|made| planned.template_version.as_ref_option() != Some(&made.template_version));
    let changes = wanted.changes(&live.parameters, made.map(|made| made.availability_zones).or(wanted.availability_zones.clone()));
    let tags = tags::to_send(settings, &planned.tags_all, &live.tags);
    if changes.is_none() && tags == live.tags && !new_template {
        return Ok(None);
    }
    let previous = || live.parameters.keys().map(|name| (name.clone(), Parameter::Previous)).collect();
    let template = if new_template { template(planned)? } else { Template::Previous };
    let parameters = changes.unwrap_or_else(previous);
    Ok(Some(Order { name: live.name.clone(), template, parameters, tags: Some(tags), ..Order::default() }))
}

fn template(planned: &NetworkState) -> Result<Template> {
    let version = planned.template_version.as_ref_option().map_or(network::VERSION, String::as_str);
    let missing = || {
        let fix = format!("Use the release that made it, or write `template_version = \"{}\"`.", network::VERSION);
        Error::config(AttributePath::new("template_version"), "This release has no such template", fix)
    };
    Ok(Template::Body(network::template(version).ok_or_else(missing)?.into()))
}
