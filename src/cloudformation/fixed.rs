//! What a resource keeps for its life: an update that does not replace it leaves this as it is.

/// The attributes of `Fn::GetAtt`, by type, that follow from nothing but which resource it is.
///
/// Source: the AWS CloudFormation Template Reference, "Return values" of each type against "Update requires" of its properties, as of
/// November 2026. An attribute stands here where it is the resource's identifier, is made of that, or follows from properties alone whose
/// change means Replacement. What a change in place may alter does not (a database's `Endpoint.Port`, a target group's
/// `LoadBalancerArns`, a table's `StreamArn`).
const FIXED: [(&str, &[&str]); 35] = [
    ("AWS::ApiGateway::RestApi", &["RestApiId", "RootResourceId"]),
    ("AWS::ApiGatewayV2::Api", &["ApiId"]),
    ("AWS::CloudFront::Distribution", &["DomainName", "Id"]),
    ("AWS::CloudTrail::Trail", &["Arn"]),
    ("AWS::DynamoDB::Table", &["Arn"]),
    ("AWS::EC2::SecurityGroup", &["GroupId", "Id", "VpcId"]),
    ("AWS::EC2::Subnet", &["AvailabilityZone", "SubnetId", "VpcId"]),
    ("AWS::EC2::VPC", &["CidrBlock", "DefaultNetworkAcl", "DefaultSecurityGroup", "VpcId"]),
    ("AWS::ECR::Repository", &["Arn", "RepositoryUri"]),
    ("AWS::ECS::Cluster", &["Arn"]),
    ("AWS::ECS::Service", &["Name", "ServiceArn"]),
    ("AWS::ECS::TaskDefinition", &["TaskDefinitionArn"]),
    ("AWS::EFS::FileSystem", &["Arn", "FileSystemId"]),
    (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        &["CanonicalHostedZoneName", "CanonicalHostedZoneNameID", "DNSName"],
    ),
    ("AWS::ElasticLoadBalancingV2::Listener", &["ListenerArn"]),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        &[
            "CanonicalHostedZoneID",
            "DNSName",
            "LoadBalancerArn",
            "LoadBalancerFullName",
            "LoadBalancerName",
        ],
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        &["TargetGroupArn", "TargetGroupFullName", "TargetGroupName"],
    ),
    ("AWS::Elasticsearch::Domain", &["Arn", "DomainArn", "DomainEndpoint"]),
    ("AWS::Events::Rule", &["Arn"]),
    ("AWS::IAM::InstanceProfile", &["Arn"]),
    ("AWS::IAM::ManagedPolicy", &["PolicyArn", "PolicyId"]),
    ("AWS::IAM::Role", &["Arn", "RoleId"]),
    ("AWS::KMS::Key", &["Arn", "KeyId"]),
    ("AWS::KinesisFirehose::DeliveryStream", &["Arn"]),
    ("AWS::Lambda::Function", &["Arn"]),
    ("AWS::Logs::LogGroup", &["Arn"]),
    ("AWS::OpenSearchService::Domain", &["Arn", "DomainArn", "DomainEndpoint", "Id"]),
    ("AWS::RDS::DBCluster", &["DBClusterArn", "DBClusterResourceId", "Endpoint.Address"]),
    ("AWS::RDS::DBInstance", &["DBInstanceArn", "DbiResourceId", "Endpoint.Address"]),
    (
        "AWS::S3::Bucket",
        &["Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"],
    ),
    ("AWS::SNS::Topic", &["TopicArn", "TopicName"]),
    ("AWS::SQS::Queue", &["Arn", "QueueName", "QueueUrl"]),
    ("AWS::ServiceDiscovery::PrivateDnsNamespace", &["Arn", "Id"]),
    ("AWS::ServiceDiscovery::Service", &["Arn", "Id", "Name"]),
    ("AWS::StepFunctions::StateMachine", &["Arn", "Name"]),
];

/// A resource of this type keeps this attribute, or what `Ref` gives where none is named, until it is replaced.
///
/// `Ref` gives the physical id, which an update keeps with and without interruption, and only a replacement makes anew (AWS CloudFormation
/// User Guide, "Understand update behaviors of stack resources"). A custom resource is replaced by its own answer, which no change set
/// foresees; and a module is more than one resource.
pub fn is_fixed(kind: &str, attribute: Option<&str>) -> bool {
    let Some(attribute) = attribute else {
        let own = kind == "AWS::CloudFormation::CustomResource" || kind.ends_with("::MODULE");
        return kind.starts_with("AWS::") && !own;
    };
    let found = FIXED.binary_search_by_key(&kind, |(kind, _)| kind);
    found.is_ok_and(|at| FIXED[at].1.contains(&attribute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_searched_in_order() {
        assert!(FIXED.is_sorted_by_key(|(kind, _)| kind));
        assert!(FIXED.iter().all(|(_, attributes)| attributes.is_sorted()));
    }

    #[test]
    fn what_a_change_in_place_may_alter_is_not_fixed() {
        const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
        assert!(is_fixed(BALANCER, Some("DNSName")) && is_fixed(BALANCER, None));
        assert!(!is_fixed("AWS::RDS::DBInstance", Some("Endpoint.Port")));
        assert!(!is_fixed("AWS::CloudFormation::Stack", Some("Outputs.Url")));
        assert!(!is_fixed("Custom::Thing", None) && !is_fixed("Custom::Thing", Some("Arn")));
        assert!(!is_fixed("AWS::CloudFormation::CustomResource", None));
    }
}
