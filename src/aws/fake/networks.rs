//! Networks in memory: those that a test describes.

use async_trait::async_trait;

use super::Fake;
use crate::aws;
use crate::outcome::Result;
use crate::quilt::network::existing::{Endpoint, Group, RouteTable, Subnet, Survey, Vpc};

impl Fake {
    /// The one network that there is.
    pub fn network(self, network: Survey) -> Self {
        self.world().network = network;
        self
    }

    fn network_of(&self, call: &'static str, with: &str) -> Result<Survey> {
        Ok(self.call(call, with.into())?.network.clone())
    }
}

/// A subnet of a network that no test has described: there, large, and in another zone than the one before it.
fn usual(index: usize, id: &str) -> Subnet {
    let zone = if index.is_multiple_of(2) { "us-east-1a" } else { "us-east-1b" };
    let (id, vpc_id) = (id.to_string(), "vpc-1".to_string());
    Subnet { id, vpc_id, zone: zone.into(), cidr: "10.0.0.0/20".into(), free: 4000, ipv6: true }
}

#[async_trait]
impl aws::Networks for Fake {
    async fn vpcs(&self, ids: &[String]) -> Result<Vec<Vpc>> {
        let vpcs = self.network_of("vpcs", &ids.join(" "))?.vpc.into_iter();
        let others = self.world().room.vpcs;
        let others = (0..others).map(|n| Vpc { id: format!("vpc-other-{n}"), ..Vpc::default() });
        let vpcs = vpcs.chain(others);
        Ok(vpcs.filter(|vpc| ids.is_empty() || ids.contains(&vpc.id)).collect())
    }

    async fn attribute(&self, vpc: &str, name: &'static str) -> Result<bool> {
        let network = self.network_of("attribute", &format!("{vpc} {name}"))?;
        Ok(if name == "enableDnsSupport" { network.dns_support } else { network.dns_hostnames })
    }

    async fn resolvers(&self, options: &str) -> Result<Vec<String>> {
        Ok(self.network_of("resolvers", options)?.resolvers)
    }

    async fn subnets(&self, ids: &[String]) -> Result<Vec<Subnet>> {
        let network = self.network_of("subnets", &ids.join(" "))?;
        if network.vpc.is_none() {
            return Ok(ids.iter().enumerate().map(|(index, id)| usual(index, id)).collect());
        }
        let all = network.subnets.into_iter();
        Ok(all.filter(|subnet| ids.contains(&subnet.id)).collect())
    }

    async fn tables(&self, vpc: &str) -> Result<Vec<RouteTable>> {
        Ok(self.network_of("tables", vpc)?.tables)
    }

    async fn endpoints(&self, vpc: &str) -> Result<Vec<Endpoint>> {
        Ok(self.network_of("endpoints", vpc)?.endpoints)
    }

    async fn groups(&self, ids: &[String]) -> Result<Vec<Group>> {
        let all = self.network_of("groups", &ids.join(" "))?.groups.into_iter();
        Ok(all.filter(|group| ids.contains(&group.id)).collect())
    }

    async fn addresses(&self) -> Result<usize> {
        Ok(self.call("addresses", String::new())?.room.addresses)
    }
}
