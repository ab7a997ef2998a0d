//! The resource types of a Quilt network, IPv6 included, and the refusals that a wrong network meets.

use crate::cloud::Cloud;

const NETWORK: &str = r#"
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Inside: {Type: String, Default: 10.0.0.0/24}
Resources:
  VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr, EnableDnsHostnames: true, EnableDnsSupport: true}}
  Six: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref VPC, AmazonProvidedIpv6CidrBlock: true}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref VPC, InternetGatewayId: !Ref Gateway}}
  Egress: {Type: AWS::EC2::EgressOnlyInternetGateway, Properties: {VpcId: !Ref VPC}}
  Public:
    Type: AWS::EC2::Subnet
    Metadata: {After: !Ref Six}
    Properties:
      VpcId: !Ref VPC
      CidrBlock: !Ref Inside
      AvailabilityZone: !Select [0, !GetAZs '']
      Ipv6CidrBlock: !Select [0, !Cidr [!Select [0, !GetAtt VPC.Ipv6CidrBlocks], 4, 64]]
      AssignIpv6AddressOnCreation: true
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref VPC}}
  Associated: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Routes}}
  Out: {Type: AWS::EC2::Route, DependsOn: Attached, Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}
  OutSix: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Routes, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: !Ref Egress}}
  Address: {Type: AWS::EC2::EIP, DependsOn: Attached, Properties: {Domain: vpc}}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: users, VpcId: !Ref VPC}}
  In: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref Cidr}}
  Storage: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref VPC, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3', RouteTableIds: [!Ref Routes]}}
  Calls:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref VPC
      VpcEndpointType: Interface
      ServiceName: !Sub 'com.amazonaws.${AWS::Region}.execute-api'
      SubnetIds: [!Ref Public]
      SecurityGroupIds: [!Ref Group]
      PrivateDnsEnabled: true
Outputs:
  Six: {Value: !Select [0, !GetAtt VPC.Ipv6CidrBlocks]}
  Name: {Value: !Select [0, !GetAtt Calls.DnsEntries]}
  Address: {Value: !Ref Address}
"#;

/// Guide, template reference of the AWS::EC2 types: Ref and Fn::GetAtt of each.
#[test]
fn an_ipv6_network_is_made_and_leaves_nothing() {
    let cloud = Cloud::start();
    cloud.create_stack("network", NETWORK, &[]).unwrap_or_else(|refusal| panic!("{refusal}"));
    let stack = cloud.settled("network");
    assert_eq!(stack.status, "CREATE_COMPLETE", "{:#?}", cloud.events("network"));
    assert!(
        stack.outputs["Six"].ends_with("::/56") && stack.outputs["Name"].contains("execute-api"),
        "{:?}",
        stack.outputs
    );
    let subnets = cloud.query(
        "ec2",
        "DescribeSubnets",
        &[
            ("Filter.1.Name", "vpc-id"),
            ("Filter.1.Value.1", &cloud.resources("network")["VPC"].physical_id),
        ],
    );
    let subnets = subnets.expect("the VPC is there");
    assert!(
        subnets.find("ipv6CidrBlock").is_some_and(|block| block.text.ends_with("::/64")),
        "{subnets:?}"
    );
    // API reference, Subnet: what is left of the range, without the five that are AWS's; the NAT gateway and the endpoint have one each.
    let free = subnets.find("availableIpAddressCount").map(|free| free.text.clone());
    assert_eq!(free.as_deref(), Some("249"));
    // API reference, VpcEndpoint.
    let endpoints = cloud.query("ec2", "DescribeVpcEndpoints", &[]).expect("listing is allowed");
    let calls = endpoints.members("vpcEndpointSet").iter();
    let calls: Vec<_> = calls.filter(|one| one.get("privateDnsEnabled") == Some("true")).collect();
    assert_eq!((calls.len(), calls[0].members("groupSet").len()), (1, 1), "{endpoints:?}");
    assert_eq!(
        cloud.delete_stack("network").expect("the request is right").status,
        "DELETE_COMPLETE"
    );
    let vpcs = cloud
        .query(
            "ec2",
            "DescribeVpcs",
            &[("Filter.1.Name", "cidr"), ("Filter.1.Value.1", "10.0.0.0/16")],
        )
        .expect("listing is allowed");
    assert!(vpcs.members("vpcSet").is_empty(), "{vpcs:?}");
}

/// EC2 API Reference, CreateVpc and CreateSubnet: a block is a network of /16 to /28, inside the VPC's.
#[test]
fn blocks_are_checked() {
    for parameters in [
        ("Cidr", "10.0.0.0/33"),
        ("Cidr", "10.0.0.1/16"),
        ("Cidr", "10.0.0.0/8"),
        ("Inside", "10.1.0.0/24"),
    ] {
        let cloud = Cloud::start();
        cloud.create_stack("network", NETWORK, &[parameters]).expect("parameters are strings");
        assert_eq!(cloud.settled("network").status, "ROLLBACK_COMPLETE", "{parameters:?}");
    }
}

const TRANSIT: &str = "
Parameters:
  Gateway: {Type: String}
Resources:
  VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VPC, CidrBlock: 10.0.0.0/24}}
  Attached: {Type: AWS::EC2::TransitGatewayAttachment, Properties: {TransitGatewayId: !Ref Gateway, VpcId: !Ref VPC, SubnetIds: [!Ref Subnet]}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref VPC}}
  Out: {Type: AWS::EC2::Route, DependsOn: Attached, Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, TransitGatewayId: !Ref Gateway}}
  Group: {Type: AWS::Logs::LogGroup}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}
  Records:
    Type: AWS::EC2::FlowLog
    Properties: {ResourceType: VPC, ResourceId: !Ref VPC, TrafficType: ALL, LogGroupName: !Ref Group, DeliverLogsPermissionArn: !GetAtt Role.Arn}
Outputs:
  Attachment: {Value: !Ref Attached}
";

fn ended(cloud: &Cloud, name: &str, body: &str, gateway: &str) -> String {
    cloud.create_stack(name, body, &[("Gateway", gateway)]).expect("parameters are strings");
    cloud.settled(name).status
}

/// Template reference, AWS::EC2::TransitGatewayAttachment and AWS::EC2::FlowLog; EC2 API Reference, CreateRoute: the VPC is attached to the gateway.
#[test]
fn a_network_is_attached_to_a_transit_gateway_that_there_is() {
    let cloud = Cloud::start();
    let made = cloud.query("ec2", "CreateTransitGateway", &[]).expect("one is made");
    let gateway = made.find("transitGatewayId").map(|node| node.text.clone()).expect("its id");
    assert_eq!(ended(&cloud, "attached", TRANSIT, &gateway), "CREATE_COMPLETE");
    let stack = cloud.stack("attached").expect("it is there");
    assert!(stack.outputs["Attachment"].starts_with("tgw-attach-"), "{:?}", stack.outputs);
    let logs = cloud.query("ec2", "DescribeFlowLogs", &[]).expect("listing is allowed");
    assert_eq!(logs.members("flowLogSet").len(), 1, "{logs:?}");
    assert_eq!(ended(&cloud, "none", TRANSIT, "tgw-0123"), "ROLLBACK_COMPLETE");
    let alone = TRANSIT.replace("DependsOn: Attached, ", "").replace(
        "  Attached: {Type: AWS::EC2::TransitGatewayAttachment, Properties: {TransitGatewayId: !Ref Gateway, VpcId: !Ref VPC, SubnetIds: [!Ref Subnet]}}\n",
        "",
    );
    let alone = alone.replace("!Ref Attached", "!Ref VPC");
    assert_eq!(ended(&cloud, "alone", &alone, &gateway), "ROLLBACK_COMPLETE");
}
