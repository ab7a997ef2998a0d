//! A network as its judge needs it: many questions, asked together.

use crate::aws::Networks;
use crate::outcome::Result;
use crate::quilt::network::existing::{Parts, Survey};

/// What EC2 says of a network. Of a VPC that is not there nothing more is asked.
///
/// # Errors
/// One of the calls is denied or not answered.
pub async fn survey(ec2: &dyn Networks, region: &str, parts: &Parts) -> Result<Survey> {
    let region = region.to_string();
    let vpc = &parts.vpc_id;
    let Some(seen) = ec2.vpcs(std::slice::from_ref(vpc)).await?.into_iter().next() else {
        return Ok(Survey { region, ..Survey::default() });
    };
    let ids = parts.subnets();
    let (dns_support, dns_hostnames, resolvers, subnets, tables, endpoints) = tokio::try_join!(
        ec2.attribute(vpc, "enableDnsSupport"),
        ec2.attribute(vpc, "enableDnsHostnames"),
        ec2.resolvers(&seen.dhcp_options_id),
        ec2.subnets(&ids),
        ec2.tables(vpc),
        ec2.endpoints(vpc),
    )?;
    let own = endpoints.iter().filter(|e| Some(&e.id) == parts.endpoint.as_ref());
    let mut groups: Vec<String> = own.flat_map(|e| e.groups.clone()).collect();
    groups.push(parts.security_group.clone());
    groups.sort_unstable();
    groups.dedup();
    let groups = ec2.groups(&groups).await?;
    Ok(Survey {
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
