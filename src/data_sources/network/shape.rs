//! A network that was looked at, in the shape of the resource.

use super::{FindingState, Ids, NetworkLookup};
use crate::quilt::network::NatGateways;
use crate::quilt::network::existing::{Parts, Survey};
use crate::quilt::network::findings::{Finding, Weight};
use crate::resources::network::SubnetState;
use crate::tf::{Set, Value, known};

/// It, as state.
pub fn of(
    config: NetworkLookup,
    parts: &Parts,
    there: &Survey,
    found: &[Finding],
) -> NetworkLookup {
    let subnets = parts.private.iter().filter_map(|id| there.subnet(id));
    let ipv6 = !parts.intra.is_empty()
        && parts.intra.iter().all(|id| there.subnet(id).is_some_and(|subnet| subnet.ipv6));
    NetworkLookup {
        region: known(there.region.clone()),
        internal: parts.internal.into(),
        public_subnet_ids: ids(&parts.public),
        user_subnet_ids: ids(&parts.user),
        ipv6: config.ipv6.as_option().unwrap_or(ipv6).into(),
        cidr: there.vpc.as_ref().map(|vpc| vpc.cidr.clone()).into(),
        availability_zones: Value::Value(subnets.map(|s| known(s.zone.clone())).collect()),
        nat_gateways: known(nat_gateways(parts, there).word()),
        api_gateway_endpoint: parts.endpoint.is_some().into(),
        s3_gateway_endpoint: (!found.iter().any(|f| f.name == "s3_endpoint")).into(),
        ingress_cidrs: Set(ingress(parts, there)).into(),
        subnets: Value::Value(listed(parts, there)),
        findings: Value::Value(found.iter().map(|f| finding(f).into()).collect()),
        ..config
    }
}

fn ids(ids: &[String]) -> Value<Ids> {
    Value::Value(ids.iter().map(known).collect())
}

fn nat_gateways(parts: &Parts, there: &Survey) -> NatGateways {
    let ways = there.ways_out(&parts.private);
    match ways.iter().filter(|way| way.starts_with("nat-")).count() {
        0 => NatGateways::None,
        1 => NatGateways::Single,
        _ => NatGateways::OnePerAz,
    }
}

/// The ranges alone: a security group may let in other groups and lists of ranges too.
fn ingress(parts: &Parts, there: &Survey) -> Vec<Value<String>> {
    let all =
        there.group(&parts.security_group).map(|group| group.lets_in(443)).unwrap_or_default();
    let mut ranges: Vec<_> = all.into_iter().filter(|source| source.contains('/')).collect();
    ranges.sort_unstable();
    ranges.dedup();
    ranges.into_iter().map(known).collect()
}

fn listed(parts: &Parts, there: &Survey) -> Vec<Value<SubnetState>> {
    let subnets = parts.places().filter_map(|(role, _, id)| Some((role, there.subnet(id)?)));
    let states = subnets.map(|(role, subnet)| SubnetState {
        tier: known(role.word()),
        availability_zone: known(subnet.zone.clone()),
        cidr_block: known(subnet.cidr.clone()),
        subnet_id: known(subnet.id.clone()),
    });
    states.map(Into::into).collect()
}

fn finding(finding: &Finding) -> FindingState {
    FindingState {
        name: known(finding.name),
        weight: known(match finding.weight {
            Weight::Wrong => "wrong",
            Weight::Doubt => "doubt",
        }),
        attribute: known(finding.at.0),
        what: known(finding.what.clone()),
        found: known(finding.found.clone()),
        fix: known(finding.fix.clone()),
    }
}
