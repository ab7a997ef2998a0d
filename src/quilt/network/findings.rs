//! Whether a network that is there already does for Quilt: everything that is wrong with it at once, each with the way to mend it.

use super::existing::{Parts, Survey};

mod dns;
mod doors;
mod routes;
mod subnets;

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its name, one of [`NAMES`].
    pub name: &'static str,
    /// The argument it is about, with the place in its list.
    pub at: (&'static str, Option<usize>),
    /// How much it weighs.
    pub weight: Weight,
    /// What is wrong, in one line.
    pub what: String,
    /// What was seen, and what comes of it.
    pub found: String,
    /// The command or the block that mends it.
    pub fix: String,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Quilt does not work so.
    Wrong,
    /// It may do, and somebody should know.
    Doubt,
}

/// Names of everything that may be found, in the order it is looked for.
pub const NAMES: [&str; 17] = [
    "vpc",
    "dns_attributes",
    "dns_resolver",
    "subnet",
    "zones",
    "subnet_size",
    "free_addresses",
    "ipv6",
    "private_route",
    "public_route",
    "intra_route",
    "s3_endpoint",
    "security_group",
    "security_group_https",
    "security_group_http",
    "api_gateway_endpoint",
    "api_gateway_endpoint_https",
];

/// Everything that is found.
pub fn judge(parts: &Parts, there: &Survey) -> Vec<Finding> {
    if there.vpc.is_none() {
        let (vpc, region) = (&parts.vpc_id, &there.region);
        return vec![Finding {
            name: "vpc",
            at: ("vpc_id", None),
            weight: Weight::Wrong,
            what: format!("There is no VPC {vpc} in {region}"),
            found: "These credentials see no VPC of that id in this region, so nothing else was looked at.".into(),
            fix: format!(
                "Take an id from `aws ec2 describe-vpcs --region {region}`, set `region`, or let a resource `quilt_network` make one."
            ),
        }];
    }
    let judges = [dns::judge, subnets::judge, routes::judge, doors::judge];
    judges.iter().flat_map(|judge| judge(parts, there)).collect()
}

/// What is found of the subnets alone.
pub fn judge_subnets(parts: &Parts, there: &Survey) -> Vec<Finding> {
    subnets::judge(parts, there)
}

#[cfg(test)]
pub mod example;
#[cfg(test)]
mod tests;
