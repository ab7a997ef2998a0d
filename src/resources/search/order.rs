//! What is asked of CloudFormation for a `quilt_search`: its creation, and an update if one is needed at all.

use std::collections::BTreeMap;

use super::{SearchState, fill, text};
use crate::cloudformation::stack::{Order, Parameter, Stack, Template};
use crate::cx::Settings;
use crate::outcome::{Error, Result};
use crate::quilt::search::{self, KEPT};
use crate::quilt::templates::{self, Templates};
use crate::resources::{inside, tags};
use crate::tf::AttributePath;

/// The order for a creation.
pub fn creation(settings: &Settings, templates: Templates, planned: &SearchState) -> Result<Order> {
    let parameters = parameters(planned)?.into_iter();
    Ok(Order {
        name: search::stack_name(text(&planned.name).unwrap_or_default()),
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
    planned: &SearchState,
    live: &Stack,
) -> Result<Option<Order>> {
    let template = inside::other(templates, &planned.template_version, live)?;
    let changes = templates::changes(&parameters(planned)?, &live.parameters, &KEPT, template);
    Ok(inside::update(settings, &planned.tags_all, live, template, changes))
}

/// All parameters.
fn parameters(planned: &SearchState) -> Result<BTreeMap<String, String>> {
    let unknown = || {
        Error::config(
            AttributePath::root(),
            "What the search domain runs on is not known.",
            "Plan again.",
        )
    };
    let mut parameters = fill::cluster(planned).ok_or_else(unknown)?.parameters();
    let network = planned.network.as_ref_option().cloned().unwrap_or_default();
    let subnets: Vec<_> =
        network.intra_subnet_ids.as_ref_option().into_iter().flatten().filter_map(text).collect();
    let given = [
        ("DomainName", text(&planned.name).unwrap_or_default().to_string()),
        ("Vpc", text(&network.vpc_id).unwrap_or_default().to_string()),
        ("Subnets", subnets.join(",")),
        ("EngineVersion", text(&planned.engine_version).unwrap_or_default().to_string()),
    ];
    parameters.extend(given.map(|(name, value)| (name.to_string(), value)));
    Ok(parameters)
}
