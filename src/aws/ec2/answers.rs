//! EC2's answers in our own words.

use crate::aws::signed::query::Node;
use crate::quilt::network::existing::{Endpoint, Group, Route, RouteTable, Rule, Subnet, Vpc};

/// Ids of what a route may lead to, where EC2 tells them.
const TARGETS: [&str; 11] = [
    "natGatewayId",
    "transitGatewayId",
    "gatewayId",
    "egressOnlyInternetGatewayId",
    "vpcPeeringConnectionId",
    "localGatewayId",
    "carrierGatewayId",
    "coreNetworkArn",
    "odbNetworkArn",
    "networkInterfaceId",
    "instanceId",
];
/// What a route may be for.
const RANGES: [&str; 3] =
    ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];

/// The first of these texts that there is.
fn first(node: &Node, names: &[&str]) -> String {
    names.iter().map(|name| node.text(name)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// A range of IPv6 that is associated.
fn ipv6(node: &Node) -> bool {
    node.items("ipv6CidrBlockAssociationSet").iter().any(|item| {
        item.part("ipv6CidrBlockState").is_some_and(|state| state.text("state") == "associated")
    })
}

fn texts(node: &Node, set: &str) -> Vec<String> {
    node.items(set).iter().map(|item| item.text.clone()).collect()
}

/// A VPC.
pub fn vpc(node: &Node) -> Vpc {
    Vpc {
        id: node.text("vpcId"),
        cidr: node.text("cidrBlock"),
        dhcp_options_id: node.text("dhcpOptionsId"),
        ipv6: ipv6(node),
    }
}

/// The resolvers that a set of DHCP options names.
pub fn resolvers(node: &Node) -> Vec<String> {
    let options = node.items("dhcpConfigurationSet").iter();
    options
        .filter(|option| option.text("key") == "domain-name-servers")
        .flat_map(|option| option.items("valueSet"))
        .flat_map(|value| {
            let text = value.text("value");
            text.split(',').map(|one| one.trim().to_string()).collect::<Vec<_>>()
        })
        .collect()
}

/// A subnet.
pub fn subnet(node: &Node) -> Subnet {
    Subnet {
        id: node.text("subnetId"),
        vpc_id: node.text("vpcId"),
        zone: node.text("availabilityZone"),
        cidr: node.text("cidrBlock"),
        free: node.text("availableIpAddressCount").parse().unwrap_or_default(),
        ipv6: ipv6(node),
    }
}

/// A route table.
pub fn table(node: &Node) -> RouteTable {
    let associations = node.items("associationSet");
    let route = |route: &Node| Route {
        to: first(route, &RANGES),
        through: first(route, &TARGETS),
        active: route.text("state") == "active",
    };
    RouteTable {
        id: node.text("routeTableId"),
        main: associations.iter().any(|item| item.text("main") == "true"),
        subnets: associations
            .iter()
            .map(|item| item.text("subnetId"))
            .filter(|id| !id.is_empty())
            .collect(),
        routes: node.items("routeSet").iter().map(route).collect(),
    }
}

/// An endpoint.
pub fn endpoint(node: &Node) -> Endpoint {
    Endpoint {
        id: node.text("vpcEndpointId"),
        vpc_id: node.text("vpcId"),
        service: node.text("serviceName"),
        kind: node.text("vpcEndpointType"),
        state: node.text("state"),
        private_dns: node.text("privateDnsEnabled") == "true",
        tables: texts(node, "routeTableIdSet"),
        groups: node.items("groupSet").iter().map(|item| item.text("groupId")).collect(),
    }
}

/// A security group.
pub fn group(node: &Node) -> Group {
    Group {
        id: node.text("groupId"),
        vpc_id: node.text("vpcId"),
        rules: node.items("ipPermissions").iter().map(rule).collect(),
    }
}

fn rule(node: &Node) -> Rule {
    let port = |name| node.text(name).parse::<i64>().ok();
    let sources = [
        ("ipRanges", "cidrIp"),
        ("ipv6Ranges", "cidrIpv6"),
        ("prefixListIds", "prefixListId"),
        ("groups", "groupId"),
    ];
    let sources = sources
        .iter()
        .flat_map(|(set, member)| node.items(set).iter().map(|item| item.text(member)));
    Rule {
        protocol: node.text("ipProtocol"),
        ports: port("fromPort").zip(port("toPort")),
        sources: sources.collect(),
    }
}

#[cfg(test)]
mod tests;
