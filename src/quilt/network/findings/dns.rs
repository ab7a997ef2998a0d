//! Names in a VPC: AWS resolves them, for Quilt's services find each other by names that nobody else knows.

use super::{Finding, Weight};
use crate::quilt::network::existing::{Parts, Survey};

/// AWS's own resolver, as DHCP options name it, and its address in every VPC.
const OWN: [&str; 2] = ["AmazonProvidedDNS", "169.254.169.253"];

/// What is found.
pub fn judge(parts: &Parts, there: &Survey) -> Vec<Finding> {
    attributes(parts, there).into_iter().chain(resolver(parts, there)).collect()
}

fn attributes(parts: &Parts, there: &Survey) -> Option<Finding> {
    let attributes = [
        (there.dns_support, "enableDnsSupport", "--enable-dns-support"),
        (there.dns_hostnames, "enableDnsHostnames", "--enable-dns-hostnames"),
    ];
    let off: Vec<_> = attributes.into_iter().filter(|(on, ..)| !on).collect();
    let (vpc, region) = (&parts.vpc_id, &there.region);
    let names = off.iter().map(|(_, name, _)| *name).collect::<Vec<_>>().join(" and ");
    let commands = off.iter().map(|(.., option)| {
        format!("`aws ec2 modify-vpc-attribute --region {region} --vpc-id {vpc} {option}`")
    });
    (!off.is_empty()).then(|| Finding {
        name: "dns_attributes",
        at: ("vpc_id", None),
        weight: Weight::Wrong,
        what: format!("The VPC {vpc} gives no names"),
        found: format!("Off: {names}. Quilt's services find each other, the database and AWS's endpoints by private names."),
        fix: format!("Switch on: {}.", commands.collect::<Vec<_>>().join(", ")),
    })
}

fn resolver(parts: &Parts, there: &Survey) -> Option<Finding> {
    let vpc = there.vpc.as_ref()?;
    let foreign: Vec<_> =
        there.resolvers.iter().map(String::as_str).filter(|s| !is_own(s, &vpc.cidr)).collect();
    (!foreign.is_empty()).then(|| Finding {
        name: "dns_resolver",
        at: ("vpc_id", None),
        weight: Weight::Doubt,
        what: format!("The VPC {} asks another resolver than AWS's", parts.vpc_id),
        found: format!(
            "Its DHCP options {} name {}. Where that resolver does not know the private names of Quilt's services, the catalog answers 502.",
            vpc.dhcp_options_id,
            foreign.join(", ")
        ),
        fix: format!(
            "Have it forward the stack's private zone (the name of the stack) and amazonaws.com to the VPC's own resolver, or give the VPC a set of options with AmazonProvidedDNS: `aws ec2 associate-dhcp-options --region {} --vpc-id {} --dhcp-options-id DOPT`.",
            there.region, parts.vpc_id
        ),
    })
}

/// AWS's resolver also stands at the third address of the VPC's range.
fn is_own(server: &str, cidr: &str) -> bool {
    let range = cidr.parse::<ipnetwork::Ipv4Network>().ok();
    let third = range.and_then(|range| range.nth(2)).map(|address| address.to_string());
    OWN.contains(&server) || third.as_deref() == Some(server)
}
