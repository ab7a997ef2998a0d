//! Whether a template takes a network, and whether the network has what the template needs.

use super::objects::rows;
use crate::cloudformation::template::Template;
use crate::quilt::version;
use crate::resources::stack::inputs::NetworkInput;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::StackState;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

fn at() -> AttributePath {
    AttributePath::new("network")
}

/// Checks `network` against the template.
pub fn check(creation: bool, config: &StackState, template: &Template, d: &mut Diagnostics) {
    let Value::Value(network) = &config.network else { return };
    if !template.declares("VPC") {
        let detail = "The template declares no parameter `VPC`: it makes its own network. Remove `network`, or ask Quilt for a template that takes one.";
        return d.fail_at(at(), "This template takes no network", detail);
    }
    let takes = (template.declares("PublicSubnets"), template.declares("UserSubnets"));
    match (internal(network), takes) {
        (Some(true), (true, false)) => other_kind("internal", "internet-facing", d),
        (Some(false), (false, true)) => other_kind("internet-facing", "internal", d),
        _ if creation => complete(config, template, d),
        _ => {}
    }
}

/// Says that a stack on network 1.0 does not come to network 2.0 by another template.
pub fn generation(
    prior: Option<&StackState>,
    template: &Template,
    loaded: Option<&Loaded>,
    d: &mut Diagnostics,
) {
    let (Some(prior), Some(loaded)) = (prior, loaded) else { return };
    let old = prior.network_version.as_deref_option() == Some("1.0");
    let new = template.declares("QuiltWebHost")
        && version::network(|name| template.declares(name)) == "2.0";
    if old && new && loaded.changes(prior) {
        let detail = "The stack is on network 1.0. Quilt moves such a deployment to network 2.0 by a new stack beside it, from a snapshot of the database, and \
                      the records are switched afterwards: the guide \"Migrate to network 2.0\" has it in one apply. An update in place replaces subnets, \
                      database and search domain, and is made together with Quilt alone. To keep the stack as it is, take a template of network 1.0.";
        d.warn_at(AttributePath::new(loaded.at), "This template is for network 2.0", detail);
    }
}

fn other_kind(network: &str, template: &str, d: &mut Diagnostics) {
    let detail = format!(
        "This network is {network}, and the template's load balancer is {template}. Give a network of that kind (`internal` of `quilt_network`), \
         or ask Quilt for the template's {network} variant."
    );
    d.fail_at(at(), format!("The template is for an {template} network"), detail);
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
fn complete(config: &StackState, template: &Template, d: &mut Diagnostics) {
    let needed = |name: &str| template.parameters.get(name).is_some_and(|p| p.default.is_none());
    for (row, value) in rows(config, None) {
        if value.is_null() && needed(row.parameter) {
            let (parameter, member) = (row.parameter, row.member);
            let detail =
                format!("The template needs `{parameter}`, which comes from `network.{member}`.");
            d.fail_at(at(), "The network is not complete", detail);
        }
    }
}
