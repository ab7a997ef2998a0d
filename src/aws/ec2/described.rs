//! A network as its judge needs it: many questions, asked together.

use crate::aws::Networks;
use crate::outcome::Result;
use crate::quilt::network::given::{Described, Given};

/// What EC2 says of a network. Of a VPC that is not there nothing more is asked.
///
/// # Errors
/// One of the calls is denied or not answered.
pub async fn describe(ec2: &dyn Networks, region: &str, given: &Given) -> Result<Described> {
    let region = region.to_string();
    let vpc = &given.vpc_id;
    let Some(seen) = ec2.vpcs(std::slice::from_ref(vpc)).await?.into_iter().next() else {
        return Ok(Described { region, ..Described::default() });
    };
    let ids = given.subnets();
    let (dns_support, dns_hostnames, resolvers, subnets, tables, endpoints) = tokio::try_join!(
        ec2.attribute(vpc, "enableDnsSupport"),
        ec2.attribute(vpc, "enableDnsHostnames"),
        ec2.resolvers(&seen.dhcp_options_id),
        ec2.subnets(&ids),
        ec2.tables(vpc),
        ec2.endpoints(vpc),
    )?;
    let own = endpoints.iter().filter(|e| Some(&e.id) == given.endpoint.as_ref());
    let mut groups: Vec<String> = own.flat_map(|e| e.groups.clone()).collect();
    groups.push(given.security_group.clone());
    groups.sort_unstable();
    groups.dedup();
    let groups = ec2.groups(&groups).await?;
    Ok(Described {
        region,
        vpc: Some(seen),
        dns_support,
        dns_hostnames,
        resolvers,
        subnets,
        tables,
        endpoints,
        groups,
    })
}
