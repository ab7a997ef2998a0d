//! Answers as EC2's reference shows them.

use super::*;
use crate::aws::signed::query::read;

fn item(text: &str) -> Node {
    read(text.as_bytes()).unwrap()
}

#[test]
fn a_vpc_and_a_subnet() {
    let six = "<ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>2600::/56</ipv6CidrBlock><ipv6CidrBlockState><state>STATE</state></ipv6CidrBlockState></item></ipv6CidrBlockAssociationSet>";
    let text = |state: &str| {
        let six = six.replace("STATE", state);
        format!(
            "<item><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId><cidrBlock>10.0.0.0/24</cidrBlock><dhcpOptionsId>default</dhcpOptionsId><availabilityZone>eu-west-1a</availabilityZone><availableIpAddressCount>251</availableIpAddressCount>{six}</item>"
        )
    };
    let seen = vpc(&item(&text("associated")));
    assert_eq!(
        (seen.id.as_str(), seen.dhcp_options_id.as_str(), seen.ipv6),
        ("vpc-1", "default", true)
    );
    let seen = subnet(&item(&text("disassociated")));
    assert_eq!(
        (seen.zone.as_str(), seen.free, seen.size(), seen.ipv6),
        ("eu-west-1a", 251, 256, false)
    );
}

#[test]
fn routes_by_what_they_lead_to() {
    let route = |to: &str, target: &str, state: &str| {
        format!("<item>{to}{target}<state>{state}</state></item>")
    };
    let routes = [
        route(
            "<destinationCidrBlock>10.0.0.0/16</destinationCidrBlock>",
            "<gatewayId>local</gatewayId>",
            "active",
        ),
        route(
            "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>",
            "<natGatewayId>nat-1</natGatewayId>",
            "blackhole",
        ),
        route(
            "<destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock>",
            "<egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId>",
            "active",
        ),
        route(
            "<destinationPrefixListId>pl-1</destinationPrefixListId>",
            "<gatewayId>vpce-1</gatewayId>",
            "active",
        ),
    ];
    let text = format!(
        "<item><routeTableId>rtb-1</routeTableId><routeSet>{}</routeSet><associationSet><item><main>true</main></item><item><main>false</main><subnetId>subnet-1</subnetId></item></associationSet></item>",
        routes.join("")
    );
    let seen = table(&item(&text));
    assert_eq!((seen.main, seen.subnets.clone()), (true, vec!["subnet-1".to_string()]));
    let told: Vec<_> =
        seen.routes.iter().map(|r| format!("{} {} {}", r.to, r.through, r.active)).collect();
    assert_eq!(
        told,
        ["10.0.0.0/16 local true", "0.0.0.0/0 nat-1 false", "::/0 eigw-1 true", "pl-1 vpce-1 true"]
    );
}

#[test]
fn rules_of_every_kind() {
    let text = "<item><groupId>sg-1</groupId><vpcId>vpc-1</vpcId><ipPermissions>\
        <item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>443</toPort><groups><item><groupId>sg-2</groupId></item></groups><ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges><ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges><prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item>\
        <item><ipProtocol>-1</ipProtocol></item></ipPermissions></item>";
    let seen = group(&item(text));
    assert_eq!(seen.lets_in(443), ["10.0.0.0/8", "::/0", "pl-1", "sg-2"]);
    assert_eq!((seen.rules[1].ports, seen.lets_in(22).len()), (None, 0));
}

#[test]
fn resolvers_and_endpoints() {
    let text = "<item><dhcpConfigurationSet><item><key>domain-name</key><valueSet><item><value>x</value></item></valueSet></item><item><key>domain-name-servers</key><valueSet><item><value>10.0.0.2</value></item><item><value>10.9.0.53, 10.9.0.54</value></item></valueSet></item></dhcpConfigurationSet></item>";
    assert_eq!(resolvers(&item(text)), ["10.0.0.2", "10.9.0.53", "10.9.0.54"]);
    let text = "<item><vpcEndpointId>vpce-1</vpcEndpointId><vpcEndpointType>Interface</vpcEndpointType><serviceName>com.amazonaws.eu-west-1.execute-api</serviceName><state>available</state><privateDnsEnabled>true</privateDnsEnabled><routeTableIdSet><item>rtb-1</item></routeTableIdSet><groupSet><item><groupId>sg-1</groupId><groupName>n</groupName></item></groupSet></item>";
    let seen = endpoint(&item(text));
    assert!(seen.works() && seen.private_dns && seen.is_for("eu-west-1.execute-api"));
    assert_eq!((seen.tables, seen.groups), (vec!["rtb-1".to_string()], vec!["sg-1".to_string()]));
}
