//! What AWS says of a network, as state: after an apply, at a refresh, at an import.

use super::{NetworkState, Strings, SubnetState};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cx::{Cx, Settings};
use crate::deploy::{Deploy, name_of, region_of};
use crate::outcome::{Error, Result};
use crate::quilt::network::{self, Made, Network, Tier};
use crate::resources::tags;
use crate::tf::{AttributePath, Set, Value};

/// A creation that has begun.
pub fn begun(planned: NetworkState, id: &str, region: &str) -> NetworkState {
    NetworkState {
        stack_id: id.to_string().into(),
        region: region.to_string().into(),
        status: Status::CreateInProgress.to_string().into(),
        ..planned
    }
}

/// The state after an apply: what was planned, and what AWS made of it.
pub fn after(planned: NetworkState, stack: &Stack) -> Result<NetworkState> {
    let mut state = planned;
    stands(&mut state, stack);
    made(&mut state, &Made::of(&stack.outputs).map_err(|why| foreign(stack, &why))?);
    Ok(state)
}

/// The state at a refresh. What is not made yet stays null.
pub fn read(settings: &Settings, mut state: NetworkState, stack: &Stack) -> Result<NetworkState> {
    look(&mut state, stack)?;
    (state.tags, state.tags_all) = tags::seen(settings, &stack.tags, &state.tags);
    Ok(state)
}

/// The state of a network that Terraform does not know yet: by its name, its stack's name or its stack's ARN.
pub async fn import(cx: &Cx, id: &str) -> Result<NetworkState> {
    let deploy = Deploy::of(cx, id, None).await?;
    let found = deploy.find_named([&network::stack_name(id), id]).await?;
    let fix = "Give the network's name, or the ARN of its stack when it is in another region.";
    let none = || {
        Error::config(
            AttributePath::root(),
            format!("There is no network {id} in {}.", deploy.aws.region),
            fix,
        )
    };
    let stack = found.ok_or_else(none)?;
    let name = network::name_of(name_of(&stack.id))
        .ok_or_else(|| foreign(&stack, "Its name does not end with `-network`."))?;
    let mut state = NetworkState { name: name.to_string().into(), ..NetworkState::default() };
    look(&mut state, &stack)?;
    Ok(state)
}

/// The settings and everything AWS decides.
fn look(state: &mut NetworkState, stack: &Stack) -> Result<()> {
    stands(state, stack);
    let network = Network::of(&stack.parameters).map_err(|why| foreign(stack, &why))?;
    given(state, &network);
    if let Ok(outputs) = Made::of(&stack.outputs) {
        made(state, &outputs);
    }
    Ok(())
}

fn foreign(stack: &Stack, why: &str) -> Error {
    Error::Failed {
        state: format!("The stack {} ({}) is not a Quilt network's. {why}", stack.name, stack.status),
        next: "If its template was replaced outside of Terraform, put the network's own back; else name another stack.".into(),
    }
}

fn stands(state: &mut NetworkState, stack: &Stack) {
    state.stack_id = stack.id.clone().into();
    state.region = region_of(&stack.id).map(str::to_string).into();
    state.status = stack.status.to_string().into();
    state.enable_termination_protection = stack.protected.into();
}

/// The settings a stack was made with.
fn given(state: &mut NetworkState, network: &Network) {
    state.cidr = network.division.cidr.to_string().into();
    state.internal = network.internal.into();
    state.nat_gateways = network.nat_gateways.word().to_string().into();
    state.ipv6 = network.ipv6.into();
    state.api_gateway_endpoint = network.api_gateway_endpoint.into();
    state.s3_gateway_endpoint = network.s3_gateway_endpoint.into();
    state.ingress_cidrs = Set(strings(&network.ingress_cidrs)).into();
    let subnets = network
        .division
        .subnets
        .iter()
        .map(|subnet| subnet_state(subnet, Value::Null, Value::Null).into());
    state.subnets = Value::Value(subnets.collect());
}

/// What AWS made of the settings.
fn made(state: &mut NetworkState, made: &Made) {
    state.template_version = made.template_version.clone().into();
    state.availability_zones = strings(&made.availability_zones).into();
    state.vpc_id = made.vpc_id.clone().into();
    state.private_subnet_ids = strings(&made.tier_ids(Tier::Private)).into();
    state.public_subnet_ids = strings(&made.tier_ids(Tier::Public)).into();
    state.intra_subnet_ids = strings(&made.tier_ids(Tier::Intra)).into();
    state.user_subnet_ids = strings(&made.user_subnet_ids).into();
    state.user_security_group_id = made.user_security_group_id.clone().into();
    state.api_gateway_endpoint_id = made.api_gateway_endpoint_id.clone().into();
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
