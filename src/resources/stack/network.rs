//! Whether a template takes a network, and whether the network has what the template needs.

use super::order::network_parameters;
use super::source::Loaded;
use super::{NetworkInput, StackState};
use crate::cloudformation::template::Template;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks `network` against the template.
pub fn check(creation: bool, config: &StackState, loaded: &Loaded, d: &mut Diagnostics) {
    let (Some(template), Value::Value(network)) = (loaded.known(), &config.network) else { return };
    let at = || AttributePath::new("network");
    if !template.declares("VPC") {
        let detail = "The template declares no parameter `VPC`: it makes its own network. Remove `network`, or ask Quilt for a template that takes one.";
        return d.fail_at(at(), "This template takes no network", detail);
    }
    let takes = (template.declares("PublicSubnets"), template.declares("UserSubnets"));
    match (internal(network), takes) {
        (Some(true), (true, false)) => d.fail_at(
            at(),
            "The template is for an internet-facing network",
            other_kind("internal", "internet-facing"),
        ),
        (Some(false), (false, true)) => d.fail_at(
            at(),
            "The template is for an internal network",
            other_kind("internet-facing", "internal"),
        ),
        _ if creation => complete(network, template, d),
        _ => {}
    }
}

fn other_kind(network: &str, template: &str) -> String {
    format!(
        "This network is {network}, and the template's load balancer is {template}. Give a network of that kind (`internal` of `quilt_network`), \
         or ask Quilt for the template's {network} variant."
    )
}

/// Whether users reach it from inside only; `None` when that is not known.
fn internal(network: &NetworkInput) -> Option<bool> {
    match (&network.internal, &network.user_subnet_ids) {
        (Value::Value(internal), _) => Some(*internal),
        (Value::Unknown, _) | (Value::Null, Value::Unknown) => None,
        (Value::Null, Value::Value(ids)) => Some(!ids.is_empty()),
        (Value::Null, Value::Null) => {
            network.public_subnet_ids.as_ref_option().filter(|ids| !ids.is_empty()).map(|_| false)
        }
    }
}

/// Names each member that the template needs and the network lacks.
fn complete(network: &NetworkInput, template: &Template, d: &mut Diagnostics) {
    for (parameter, member, value) in network_parameters(network) {
        let needed = template.parameters.get(parameter).is_some_and(|p| p.default.is_none());
        if needed && matches!(value, Value::Null) {
            let detail =
                format!("The template needs `{parameter}`, which comes from `network.{member}`.");
            d.fail_at(AttributePath::new("network"), "The network is not complete", detail);
        }
    }
}
