//! EC2: networks and what is in them.

use async_trait::async_trait;
use aws_types::SdkConfig;

use super::Networks;
use super::signed::Service;
use super::signed::query::{Node, Query};
use crate::outcome::Result;
use crate::quilt::network::existing::{Endpoint, Group, RouteTable, Subnet, Vpc};

mod survey;
mod answers;

pub use survey::survey;

const EC2: Service =
    Service { id: "EC2", signs_as: "ec2", host: "ec2", fips_in_gov_cloud: true, global: false };

/// The id of a set of DHCP options that a VPC has where it has none.
const NO_OPTIONS: &str = "default";

/// EC2 in one region.
pub struct Ec2 {
    query: Query,
}

/// What is asked, beside the operation's name.
type Asked = Vec<(String, String)>;

/// Only what has one of these values.
fn only(name: &str, values: &[String]) -> Asked {
    let values = values.iter().enumerate();
    let values = values.map(|(i, value)| (format!("Filter.1.Value.{}", i + 1), value.clone()));
    [("Filter.1.Name".to_string(), name.to_string())].into_iter().chain(values).collect()
}

impl Ec2 {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { query: Query::new(sdk, &EC2, "2016-11-15") }
    }

    /// Asks for all pages of a list.
    async fn list(
        &self,
        doing: &'static str,
        operation: &'static str,
        asked: Asked,
        set: &str,
    ) -> Result<Vec<Node>> {
        let (mut found, mut next) = (vec![], String::new());
        loop {
            let more = (!next.is_empty()).then(|| ("NextToken".to_string(), next.clone()));
            let asked: Asked = asked.iter().cloned().chain(more).collect();
            let answer = self.query.call(doing, operation, &asked).await?;
            found.extend(answer.items(set).to_vec());
            let token = answer.text("nextToken");
            if token.is_empty() || token == next {
                return Ok(found);
            }
            next = token;
        }
    }
}

#[async_trait]
impl Networks for Ec2 {
    async fn vpcs(&self, ids: &[String]) -> Result<Vec<Vpc>> {
        let asked = if ids.is_empty() { vec![] } else { only("vpc-id", ids) };
        let found = self.list("describe the VPC", "DescribeVpcs", asked, "vpcSet").await?;
        Ok(found
            .iter()
            .map(answers::vpc)
            .filter(|v| ids.is_empty() || ids.contains(&v.id))
            .collect())
    }

    async fn attribute(&self, vpc: &str, name: &'static str) -> Result<bool> {
        let asked = [("VpcId", vpc), ("Attribute", name)].map(|(k, v)| (k.into(), v.into()));
        let answer = self.query.call("describe the VPC", "DescribeVpcAttribute", &asked).await?;
        Ok(answer.part(name).is_some_and(|part| part.text("value") == "true"))
    }

    async fn resolvers(&self, options: &str) -> Result<Vec<String>> {
        if options.is_empty() || options == NO_OPTIONS {
            return Ok(vec![]);
        }
        let asked = only("dhcp-options-id", &[options.to_string()]);
        let doing = "describe the VPC's DHCP options";
        let found = self.list(doing, "DescribeDhcpOptions", asked, "dhcpOptionsSet").await?;
        let ours = found.iter().find(|node| node.text("dhcpOptionsId") == options);
        Ok(ours.map(answers::resolvers).unwrap_or_default())
    }

    async fn subnets(&self, ids: &[String]) -> Result<Vec<Subnet>> {
        let asked = only("subnet-id", ids);
        let found =
            self.list("describe the subnets", "DescribeSubnets", asked, "subnetSet").await?;
        Ok(found.iter().map(answers::subnet).filter(|subnet| ids.contains(&subnet.id)).collect())
    }

    async fn tables(&self, vpc: &str) -> Result<Vec<RouteTable>> {
        let asked = only("vpc-id", &[vpc.to_string()]);
        let doing = "describe the route tables";
        let found = self.list(doing, "DescribeRouteTables", asked, "routeTableSet").await?;
        Ok(found.iter().map(answers::table).collect())
    }

    async fn endpoints(&self, vpc: &str) -> Result<Vec<Endpoint>> {
        let asked = only("vpc-id", &[vpc.to_string()]);
        let doing = "describe the VPC's endpoints";
        let found = self.list(doing, "DescribeVpcEndpoints", asked, "vpcEndpointSet").await?;
        Ok(found.iter().map(answers::endpoint).filter(|endpoint| endpoint.vpc_id == vpc).collect())
    }

    async fn groups(&self, ids: &[String]) -> Result<Vec<Group>> {
        let asked = only("group-id", ids);
        let doing = "describe the security groups";
        let found = self.list(doing, "DescribeSecurityGroups", asked, "securityGroupInfo").await?;
        Ok(found.iter().map(answers::group).filter(|group| ids.contains(&group.id)).collect())
    }

    async fn addresses(&self) -> Result<usize> {
        let doing = "describe the elastic IP addresses";
        Ok(self.list(doing, "DescribeAddresses", vec![], "addressesSet").await?.len())
    }
}
