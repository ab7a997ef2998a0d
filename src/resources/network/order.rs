//! What is asked of CloudFormation for a `quilt_network`: its creation, and an update if one is needed at all.

use std::collections::BTreeMap;

use super::{NetworkState, check};
use crate::cloudformation::stack::{Order, Parameter, Stack, Template};
use crate::cx::Settings;
use crate::outcome::Result;
use crate::quilt::network::{self, Made};
use crate::quilt::templates::Templates;
use crate::resources::{inside, tags};

/// The order for a creation.
pub fn creation(
    settings: &Settings,
    templates: Templates,
    planned: &NetworkState,
) -> Result<Order> {
    let parameters = check::settings(planned)?.parameters().into_iter();
    Ok(Order {
        name: network::stack_name(planned.name.as_ref_option().map_or("", String::as_str)),
        template: Template::Body(inside::text(templates, &planned.template_version)?.into()),
        parameters: parameters.map(|(name, value)| (name, Parameter::Value(value))).collect(),
        tags: Some(tags::to_send(settings, &planned.tags_all, &BTreeMap::new())),
        ..Order::default()
    })
}

/// The order for an update of the stack as it is now; `None`: it is as it should be.
pub fn update(
    settings: &Settings,
    templates: Templates,
    planned: &NetworkState,
    live: &Stack,
) -> Result<Option<Order>> {
    let wanted = check::settings(planned)?;
    let template = inside::other(templates, &planned.template_version, live)?;
    let zones = Made::of(&live.outputs)
        .ok()
        .map(|made| made.availability_zones)
        .or(wanted.availability_zones.clone());
    let changes = wanted.changes(&live.parameters, zones, template);
    Ok(inside::update(settings, &planned.tags_all, live, template, changes))
}
