//! What AWS says of a network, as state.

use super::{NetworkState, Strings, SubnetState};
use crate::quilt::network::flow_logs::{RETENTION, Target};
use crate::quilt::network::{self, Network, NetworkOutputs, Tier};
use crate::tf::{Set, Value};

/// The settings a stack was made with.
pub fn settings(state: &mut NetworkState, network: &Network) {
    state.cidr = network.division.cidr.to_string().into();
    state.internal = network.internal.into();
    state.nat_gateways = network.nat_gateways.word().to_string().into();
    state.ipv6 = network.ipv6.into();
    state.api_gateway_endpoint = network.api_gateway_endpoint.into();
    state.s3_gateway_endpoint = network.s3_gateway_endpoint.into();
    state.ingress_cidrs = Set(strings(&network.ingress_cidrs)).into();
    let transit = network.transit_gateway.as_ref();
    state.transit_gateway_id = transit.map(|it| it.id.clone()).into();
    let egress = transit.is_some_and(|it| it.ipv6_egress);
    unless_usual(&mut state.transit_gateway_ipv6_egress, egress, false);
    let endpoints = Set(strings(&network.interface_endpoints));
    unless_usual(&mut state.interface_endpoints, endpoints, Set(vec![]));
    let word = |to: Target| to.word().to_string();
    unless_usual(&mut state.flow_logs, word(network.flow_logs.to), word(Target::None));
    state.flow_logs_bucket_arn = network.flow_logs.bucket_arn.clone().into();
    unless_usual(&mut state.flow_logs_retention_days, network.flow_logs.retention_days, RETENTION);
    let subnets = network
        .division
        .subnets
        .iter()
        .map(|subnet| subnet_state(subnet, Value::Null, Value::Null).into());
    state.subnets = Value::Value(subnets.collect());
}

/// What a configuration need not say is not said of what has it, unless it was said before.
fn unless_usual<T: PartialEq>(said: &mut Value<T>, seen: T, usual: T) {
    if !said.is_null() || seen != usual {
        *said = seen.into();
    }
}

/// What AWS made of the settings.
pub fn outputs(state: &mut NetworkState, made: &NetworkOutputs) {
    state.availability_zones = strings(&made.availability_zones).into();
    state.vpc_id = made.vpc_id.clone().into();
    state.private_subnet_ids = strings(&made.tier_ids(Tier::Private)).into();
    state.public_subnet_ids = strings(&made.tier_ids(Tier::Public)).into();
    state.intra_subnet_ids = strings(&made.tier_ids(Tier::Intra)).into();
    state.user_subnet_ids = strings(&made.user_subnet_ids).into();
    state.user_security_group_id = made.user_security_group_id.clone().into();
    state.api_gateway_endpoint_id = made.api_gateway_endpoint_id.clone().into();
    state.transit_gateway_attachment_id = made.transit_gateway_attachment_id.clone().into();
    state.flow_log_group_name = made.flow_log_group_name.clone().into();
    let places = network::Subnet::places().zip(&made.subnet_ids);
    for (slot, ((_, zone), id)) in state.subnets.as_mut_option().into_iter().flatten().zip(places) {
        let Value::Value(subnet) = slot else { continue };
        subnet.availability_zone = made.availability_zones[zone].clone().into();
        subnet.subnet_id = id.clone().into();
    }
}

fn strings<'a>(items: impl IntoIterator<Item = &'a String>) -> Strings {
    items.into_iter().map(|item| item.clone().into()).collect()
}

/// A subnet as it is listed.
pub fn subnet_state(
    subnet: &network::Subnet,
    availability_zone: Value<String>,
    subnet_id: Value<String>,
) -> SubnetState {
    let (tier, cidr_block) = (subnet.tier.to_string().into(), subnet.cidr.to_string().into());
    SubnetState { tier, availability_zone, cidr_block, subnet_id }
}
