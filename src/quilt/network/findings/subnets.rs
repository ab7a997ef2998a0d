//! The subnets of a network: that they are there, in two zones, and large enough.

use super::{Finding, Weight};
use crate::quilt::network::existing::{OWN, Parts, Role, Subnet, Survey};

/// What is found.
pub fn judge(parts: &Parts, there: &Survey) -> Vec<Finding> {
    let mut found: Vec<Finding> = parts
        .places()
        .filter_map(|(role, index, id)| place(parts, there, (role, index), id))
        .collect();
    found.extend(zones(parts, there));
    found.extend(parts.subnets().iter().flat_map(|id| room(parts, there, id)));
    found.extend(ipv6(parts, there));
    found
}

/// It is there, and in the VPC.
fn place(parts: &Parts, there: &Survey, (role, index): (Role, usize), id: &str) -> Option<Finding> {
    let (vpc, region) = (&parts.vpc_id, &there.region);
    let fix = format!(
        "Take ids from `aws ec2 describe-subnets --region {region} --filters Name=vpc-id,Values={vpc}`."
    );
    let (what, found) = match there.subnet(id) {
        None => (
            format!("There is no subnet {id} in {region}"),
            "These credentials see no subnet of that id in this region.".to_string(),
        ),
        Some(subnet) if subnet.vpc_id != *vpc => (
            format!("The subnet {id} is in another VPC"),
            format!("It is in {}, and the network is {vpc}.", subnet.vpc_id),
        ),
        Some(_) => return None,
    };
    let at = (role.argument(), Some(index));
    Some(Finding { name: "subnet", at, weight: Weight::Wrong, what, found, fix })
}

/// The zones of a role's subnets; `None` while one of them is not there.
fn zones_of(parts: &Parts, there: &Survey, role: Role) -> Option<Vec<String>> {
    let subnets = parts.ids(role).iter().map(|id| there.subnet(id));
    let mut zones: Vec<String> =
        subnets.map(|s| s.map(|s| s.zone.clone())).collect::<Option<_>>()?;
    zones.sort_unstable();
    Some(zones)
}

/// Two zones in each role, and the same two.
fn zones(parts: &Parts, there: &Survey) -> Vec<Finding> {
    let first = zones_of(parts, there, Role::Private).unwrap_or_default();
    let roles = Role::ALL.into_iter().filter(|role| !parts.ids(*role).is_empty());
    let judged = roles.filter_map(|role| {
        let zones = zones_of(parts, there, role)?;
        let [one, other] = zones.as_slice() else { return None };
        let (what, found) = if one == other {
            (
                format!("The {} subnets are in one zone", role.word()),
                format!("Both are in {one}. The load balancer, the database and the search domain need two zones."),
            )
        } else if !first.is_empty() && zones != first && first[0] != first[1] {
            (
                format!("The {} subnets are in other zones than the private ones", role.word()),
                format!(
                    "They are in {}, and the private ones in {}. A load balancer reaches only services in its own zones.",
                    zones.join(" and "),
                    first.join(" and ")
                ),
            )
        } else {
            return None;
        };
        let fix = format!(
            "Give one subnet in each of the same two zones. All there are: `aws ec2 describe-subnets --region {} --filters Name=vpc-id,Values={} --query 'Subnets[].[SubnetId,AvailabilityZone,CidrBlock]'`.",
            there.region, parts.vpc_id
        );
        Some(Finding { name: "zones", at: (role.argument(), None), weight: Weight::Wrong, what, found, fix })
    });
    judged.collect()
}

/// What Quilt needs in a subnet, in all its roles: the addresses, AWS's own included, and who needs them.
fn needs(parts: &Parts, id: &str) -> Option<((Role, usize), i64, String)> {
    let roles: Vec<_> = parts.places().filter(|(_, _, other)| *other == id).collect();
    let (first, index, _) = *roles.first()?;
    let all: i64 = roles.iter().map(|(role, ..)| role.needs().0 - OWN).sum();
    let who: Vec<_> = roles.iter().map(|(role, ..)| role.needs().1).collect();
    Some(((first, index), all + OWN, who.join(", ")))
}

/// It is large enough, and has as much left.
fn room(parts: &Parts, there: &Survey, id: &str) -> Option<Finding> {
    let (subnet, ((role, index), needed, who)) = (there.subnet(id)?, needs(parts, id)?);
    let at = (role.argument(), Some(index));
    let (size, usable) = (subnet.size(), needed - OWN);
    let larger = format!(
        "Give a subnet of /{} or larger: `aws ec2 create-subnet --region {} --vpc-id {} --availability-zone {} --cidr-block RANGE`.",
        prefix_for(needed),
        there.region,
        parts.vpc_id,
        subnet.zone
    );
    let finding = |name, weight, what, found, fix| Finding { name, at, weight, what, found, fix };
    if size < needed {
        return Some(finding(
            "subnet_size",
            if tight(subnet, role) { Weight::Doubt } else { Weight::Wrong },
            format!("The subnet {id} is small"),
            format!(
                "{} has {size} addresses, and Quilt needs {needed} there, for {who} and AWS's own {OWN}.",
                subnet.cidr
            ),
            larger,
        ));
    }
    (subnet.free < usable).then(|| {
        finding(
            "free_addresses",
            Weight::Doubt,
            format!("The subnet {id} has few free addresses"),
            format!(
                "{} of {} are free, and a new Quilt needs {usable} there, for {who}. Where Quilt runs in it already, it holds some of the others.",
                subnet.free, subnet.cidr
            ),
            format!("See who has them: `aws ec2 describe-network-interfaces --region {} --filters Name=subnet-id,Values={id}`. {larger}", there.region),
        )
    })
}

/// The smallest subnet that AWS makes holds database and search, but hardly a second set of search nodes during a change.
fn tight(subnet: &Subnet, role: Role) -> bool {
    role == Role::Intra && subnet.size() >= 16
}

/// The longest prefix of a range with so many addresses.
fn prefix_for(addresses: i64) -> u32 {
    (16..=28).rev().find(|prefix| 1_i64 << (32 - prefix) >= addresses).unwrap_or(16)
}

/// A database that is reached by IPv6 too needs it in all its subnets.
fn ipv6(parts: &Parts, there: &Survey) -> Option<Finding> {
    let lack: Vec<_> =
        parts.intra.iter().filter(|id| there.subnet(id).is_some_and(|s| !s.ipv6)).collect();
    if !parts.ipv6 || lack.is_empty() {
        return None;
    }
    let vpc = there.vpc.as_ref().is_some_and(|vpc| vpc.ipv6);
    let (vpc_id, region) = (&parts.vpc_id, &there.region);
    let block = format!(
        "`aws ec2 associate-vpc-cidr-block --region {region} --vpc-id {vpc_id} --amazon-provided-ipv6-cidr-block`, then "
    );
    let commands: Vec<_> = lack
        .iter()
        .map(|id| format!("`aws ec2 associate-subnet-cidr-block --region {region} --subnet-id {id} --ipv6-cidr-block RANGE`"))
        .collect();
    let names: Vec<_> = lack.iter().map(|id| id.as_str()).collect();
    Some(Finding {
        name: "ipv6",
        at: ("ipv6", None),
        weight: Weight::Wrong,
        what: "The intra subnets have no IPv6".into(),
        found: format!(
            "Without an IPv6 range: {}. A database of the type DUAL needs one in each of its subnets.",
            names.join(", ")
        ),
        fix: format!(
            "Leave `ipv6` out for a database of the type IPV4, or give them ranges: {}{}.",
            if vpc { "" } else { &block },
            commands.join(", ")
        ),
    })
}
