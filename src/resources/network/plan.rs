//! The plan of a `quilt_network`: every range is known ahead, and nothing that a subnet is made with ever changes.

use super::{NetworkState, Strings, SubnetState, check, seen};
use crate::quilt::network::flow_logs::Target;
use crate::quilt::network::{Division, Tier};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Plans what a creation makes.
pub fn creation(planned: &mut NetworkState) {
    for ids in tiers(planned) {
        *ids = vec![Value::Unknown, Value::Unknown].into();
    }
    planned.subnets = subnets(planned);
    users(planned, None);
    extras(planned, None);
}

/// Plans an update, and refuses what subnets are made with.
pub fn update(planned: &mut NetworkState, prior: &NetworkState, d: &mut Diagnostics) {
    refuse(prior, planned, d);
    unfinished(planned, prior);
    users(planned, Some(prior));
    extras(planned, Some(prior));
}

/// The ids of the subnets, tier by tier.
fn tiers(planned: &mut NetworkState) -> [&mut Value<Strings>; 3] {
    [&mut planned.private_subnet_ids, &mut planned.public_subnet_ids, &mut planned.intra_subnet_ids]
}

/// What a creation that was stopped has not given yet.
fn unfinished(planned: &mut NetworkState, prior: &NetworkState) {
    if prior.availability_zones.is_null() && planned.availability_zones.is_null() {
        planned.availability_zones = Value::Unknown;
    }
    let mut open = planned.subnets.is_unknown();
    for ids in tiers(planned).into_iter().filter(|ids| check::known(ids).is_none()) {
        *ids = vec![Value::Unknown, Value::Unknown].into();
        open = true;
    }
    if open {
        planned.subnets = subnets(planned);
    }
}

/// Refuses what would replace subnets, and with them all that lives in them.
fn refuse(prior: &NetworkState, planned: &NetworkState, d: &mut Diagnostics) {
    if let (Value::Value(from), Value::Value(to)) = (&prior.cidr, &planned.cidr)
        && from != to
    {
        d.fail_at(
            AttributePath::new("cidr"),
            "The range of a network does not change",
            way_out(&format!("`cidr = \"{from}\"`")),
        );
    }
    let zones =
        (check::known(&prior.availability_zones), check::known(&planned.availability_zones));
    if let (Some(from), Some(to)) = zones
        && from != to
    {
        let back = format!("`availability_zones = {from:?}`");
        d.fail_at(
            AttributePath::new("availability_zones"),
            "The zones of a network do not change",
            way_out(&back),
        );
    }
}

fn way_out(back: &str) -> String {
    format!(
        "Its subnets would be replaced, with everything that lives in them. Write {back} again. For another network, add a second \
         `quilt_network` under another name and move the deployment there."
    )
}

/// The subnets, each with what is known of it.
fn subnets(planned: &NetworkState) -> Value<Vec<Value<SubnetState>>> {
    let Some(Ok(division)) = planned.cidr.as_ref_option().map(|cidr| Division::of(cidr)) else {
        return Value::Unknown;
    };
    let listed = division.subnets.iter().map(|subnet| {
        let ids = match subnet.tier {
            Tier::Private => &planned.private_subnet_ids,
            Tier::Public => &planned.public_subnet_ids,
            Tier::Intra => &planned.intra_subnet_ids,
        };
        let at = |list: &Value<Strings>| {
            list.as_ref_option()
                .and_then(|l| l.get(subnet.zone_index).cloned())
                .unwrap_or(Value::Unknown)
        };
        seen::subnet_state(subnet, at(&planned.availability_zones), at(ids)).into()
    });
    Value::Value(listed.collect())
}

/// Where users arrive.
fn users(planned: &mut NetworkState, prior: Option<&NetworkState>) {
    planned.user_subnet_ids = match planned.internal {
        Value::Value(true) => planned.private_subnet_ids.clone(),
        Value::Value(false) => Value::Value(vec![]),
        _ => Value::Unknown,
    };
    let before = prior
        .filter(|p| p.api_gateway_endpoint == planned.api_gateway_endpoint)
        .map(|p| &p.api_gateway_endpoint_id);
    planned.api_gateway_endpoint_id = match (&planned.api_gateway_endpoint, before) {
        (Value::Value(false), _) => Value::Null,
        (Value::Value(true), Some(Value::Value(id))) => id.clone().into(),
        _ => Value::Unknown,
    };
}

/// What AWS makes for a transit gateway and for flow logs.
fn extras(planned: &mut NetworkState, prior: Option<&NetworkState>) {
    let wanted = planned.transit_gateway_id.clone();
    let same = prior.filter(|p| p.transit_gateway_id == wanted);
    planned.transit_gateway_attachment_id =
        made(&wanted, same.map(|p| &p.transit_gateway_attachment_id));
    let group = Target::Group.word().to_string();
    let wanted = match &planned.flow_logs {
        Value::Value(to) if *to != group => Value::Null,
        other => other.clone(),
    };
    let same = prior.filter(|p| p.flow_logs == wanted);
    planned.flow_log_group_name = made(&wanted, same.map(|p| &p.flow_log_group_name));
}

/// What is made where something is wanted: as it was where that is the same.
fn made(wanted: &Value<String>, before: Option<&Value<String>>) -> Value<String> {
    match (wanted, before) {
        (Value::Null, _) => Value::Null,
        (Value::Value(_), Some(Value::Value(made))) => made.clone().into(),
        _ => Value::Unknown,
    }
}
