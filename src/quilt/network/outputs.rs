//! What AWS made of a network's settings: the outputs of its stack.

use std::collections::BTreeMap;

use super::{Subnet, Tier, member};

/// What AWS made of the settings.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkOutputs {
    /// The version of the template it was made from.
    pub template_version: String,
    /// Id of the VPC.
    pub vpc_id: String,
    /// The two zones that were chosen; to be sent with every update, for a subnet never changes its zone.
    pub availability_zones: [String; 2],
    /// Ids of the subnets, in the order of [`Division::subnets`].
    pub subnet_ids: Vec<String>,
    /// Ids of the subnets where an internal load balancer lives; none where it is internet-facing.
    pub user_subnet_ids: Vec<String>,
    /// Id of the security group that lets users in.
    pub user_security_group_id: String,
    /// Id of the interface endpoint for API Gateway, where there is one.
    pub api_gateway_endpoint_id: Option<String>,
    /// Id of the attachment to the transit gateway, where there is one.
    pub transit_gateway_attachment_id: Option<String>,
    /// Name of the log group with records of the traffic, where there is one.
    pub flow_log_group_name: Option<String>,
}

impl NetworkOutputs {
    /// What the outputs of a complete stack say.
    pub fn of(outputs: &BTreeMap<String, String>) -> Result<Self, String> {
        let text = |name: &str| member(outputs, "output", name).map(str::to_string);
        let user_subnets = outputs.get("UserSubnetIds").map_or("", String::as_str);
        Ok(NetworkOutputs {
            template_version: text("TemplateVersion")?,
            vpc_id: text("VpcId")?,
            availability_zones: [text("AvailabilityZone1")?, text("AvailabilityZone2")?],
            subnet_ids: Subnet::places()
                .map(|(tier, zone)| text(&format!("{}SubnetId{}", tier.title(), zone + 1)))
                .collect::<Result<_, _>>()?,
            user_subnet_ids: user_subnets
                .split(',')
                .filter(|id| !id.is_empty())
                .map(str::to_string)
                .collect(),
            user_security_group_id: text("UserSecurityGroupId")?,
            api_gateway_endpoint_id: outputs.get("ApiGatewayEndpointId").cloned(),
            transit_gateway_attachment_id: outputs.get("TransitGatewayAttachmentId").cloned(),
            flow_log_group_name: outputs.get("FlowLogGroupName").cloned(),
        })
    }

    /// Ids of the subnets of a tier, first zone first.
    pub fn tier_ids(&self, tier: Tier) -> Vec<String> {
        let places = Subnet::places().zip(&self.subnet_ids);
        places.filter(|((of, _), _)| *of == tier).map(|(_, id)| id.clone()).collect()
    }
}

/// The outputs of an internet-facing network.
#[cfg(test)]
pub fn outputs() -> BTreeMap<String, String> {
    let ids = Subnet::places().map(|(tier, zone)| {
        (format!("{}SubnetId{}", tier.title(), zone + 1), format!("subnet-{tier:?}-{zone}"))
    });
    let others = [
        ("TemplateVersion", "2"),
        ("VpcId", "vpc-1"),
        ("AvailabilityZone1", "eu-west-1a"),
        ("AvailabilityZone2", "eu-west-1b"),
        ("UserSecurityGroupId", "sg-1"),
    ];
    ids.chain(others.map(|(name, value)| (name.to_string(), value.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_that_is_not_complete_has_none() {
        let text = "It has no output `TemplateVersion`, which every stack of a Quilt network has.";
        assert_eq!(NetworkOutputs::of(&BTreeMap::new()).unwrap_err(), text);
    }

    #[test]
    fn what_was_made() {
        let facing = NetworkOutputs::of(&outputs()).unwrap();
        assert_eq!(facing.availability_zones, ["eu-west-1a", "eu-west-1b"]);
        assert_eq!(facing.tier_ids(Tier::Public), ["subnet-Public-0", "subnet-Public-1"]);
        assert_eq!((facing.user_subnet_ids, facing.api_gateway_endpoint_id), (vec![], None));

        let mut outputs = outputs();
        outputs.insert("UserSubnetIds".into(), "subnet-a,subnet-b".into());
        outputs.insert("ApiGatewayEndpointId".into(), "vpce-1".into());
        let internal = NetworkOutputs::of(&outputs).unwrap();
        assert_eq!(internal.user_subnet_ids, ["subnet-a", "subnet-b"]);
        assert_eq!(internal.api_gateway_endpoint_id.as_deref(), Some("vpce-1"));
    }
}
