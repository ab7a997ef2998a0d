//! Data source `quilt_network`: a network that is there already passes, and fails by what is changed in the cloud.

use serde_json::{Value, json};

use super::examples::place;
use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

/// A network that somebody else has made, and its ids.
pub fn network(cloud: &Cloud, arguments: &str) -> Value {
    let maker = Project::new(cloud);
    maker.main(&format!(
        "resource \"quilt_network\" \"this\" {{\n  name = \"net\"\n{arguments}\n}}\noutput \"it\" {{\n  value = quilt_network.this\n}}\n"
    ));
    maker.apply().ok();
    cloud.forget();
    maker.state()["outputs"]["it"]["value"].clone()
}

/// `data.quilt_network.this` with these ids and more arguments.
fn given(it: &Value, more: &str) -> String {
    let internal = it["internal"] == json!(true);
    let own = match internal {
        true => format!(
            "  internal = true\n  user_subnet_ids = {}\n  api_gateway_endpoint_id = {}\n",
            it["user_subnet_ids"], it["api_gateway_endpoint_id"]
        ),
        false => format!("  public_subnet_ids = {}\n", it["public_subnet_ids"]),
    };
    format!(
        "data \"quilt_network\" \"this\" {{\n  vpc_id = {}\n  private_subnet_ids = {}\n  intra_subnet_ids = {}\n  user_security_group_id = {}\n{own}{more}}}\noutput \"it\" {{\n  value = data.quilt_network.this\n}}\n",
        it["vpc_id"],
        it["private_subnet_ids"],
        it["intra_subnet_ids"],
        it["user_security_group_id"]
    )
}

fn text(value: &Value) -> String {
    value.as_str().expect("it is text").to_owned()
}

/// The route table of a subnet.
fn table(cloud: &Cloud, subnet: &Value) -> String {
    let filter = [("Filter.1.Name", "association.subnet-id"), ("Filter.1.Value.1", &text(subnet))];
    let found = cloud.query("ec2", "DescribeRouteTables", &filter).expect("listing is allowed");
    found.find("routeTableId").expect("it has one").text.clone()
}

fn call(cloud: &Cloud, action: &str, parameters: &[(&str, &str)]) {
    cloud.query("ec2", action, parameters).unwrap_or_else(|refusal| panic!("{action}: {refusal}"));
}

#[test]
fn a_given_network_is_looked_at_and_handed_on() {
    for arguments in ["", "  internal = true\n  nat_gateways = \"single\"\n"] {
        let cloud = Cloud::start();
        let it = network(&cloud, arguments);
        let project = Project::new(&cloud);
        let search = "resource \"quilt_search\" \"this\" {\n  name = \"given\"\n  network = data.quilt_network.this\n  size = \"small\"\n}\n\
             resource \"quilt_database\" \"this\" {\n  name = \"given\"\n  network = data.quilt_network.this\n}\n";
        project.main(&given(&it, "").replace("output", &format!("{search}output")));
        let planned = project.plan();
        assert!(!planned.text.contains("If this is meant"), "{}", planned.text);
        assert_eq!(writes(&cloud), [""; 0]);
        project.apply().ok().says("2 added");
        project.plan_is_empty();
        let seen = project.state()["outputs"]["it"]["value"].clone();
        for name in [
            "cidr",
            "internal",
            "ipv6",
            "availability_zones",
            "nat_gateways",
            "api_gateway_endpoint",
            "api_gateway_endpoint_id",
            "s3_gateway_endpoint",
            "ingress_cidrs",
            "private_subnet_ids",
            "intra_subnet_ids",
            "user_subnet_ids",
            "region",
        ] {
            assert_eq!(seen[name], it[name], "{name}");
        }
        assert_eq!(
            (&seen["findings"], project.attribute("quilt_database.this", "network_type")),
            (&json!([]), json!("DUAL"))
        );
    }
}

/// Every finding that a plan tells, brought about in the cloud one after the other, and told all at once.
#[test]
fn whatever_is_wrong_in_the_cloud_is_told_at_once() {
    let cloud = Cloud::start();
    let it = network(&cloud, "  internal = true\n  cidr = \"10.0.0.0/24\"\n");
    let project = Project::new(&cloud);
    project.main(&given(&it, ""));
    // The smallest network there is: its intra subnets hold a domain, and hardly a change of it.
    let small = project.plan();
    assert_eq!(small.code, 2, "{}", small.text);
    small
        .says("subnet-")
        .says("is small")
        .says("10.0.0.96/28 has 16 addresses, and Quilt needs 32");
    break_it(&cloud, &it);
    let without = text(&endpoint(&cloud, &it)["id"]);
    let mut changed = it.clone();
    changed["api_gateway_endpoint_id"] = json!(without);
    project.main(&given(&changed, ""));
    cloud.forget();
    let refused = project.plan().failed();
    let lines = [
        "gives no names",
        "--enable-dns-hostnames",
        "asks another resolver than AWS's",
        "10.9.0.53",
        "has no way out",
        "so an internet gateway is no way out for them",
        "has a way out",
        "do not reach S3 through an endpoint",
        "create-vpc-endpoint",
        "lets nobody in on 443",
        "authorize-security-group-ingress",
        &format!("The endpoint {without} has no private DNS"),
        "has few free addresses",
        "on main.tf line",
    ];
    lines.iter().fold(refused, |refused, line| refused.says(line));
    assert_eq!(writes(&cloud), [""; 0]);
    project.main(&given(
        &changed,
        "  accept = [\"dns_attributes\", \"private_route\", \"s3_endpoint\", \"api_gateway_endpoint\", \"api_gateway_endpoint_https\", \"security_group_https\"]\n",
    ));
    let accepted = project.apply().ok();
    assert!(!accepted.text.contains("accept = [\"dns_attributes\"]"), "{}", accepted.text);
    let told = project.state()["outputs"]["it"]["value"]["findings"].clone();
    let names: Vec<_> =
        told.as_array().expect("a list").iter().map(|one| text(&one["name"])).collect();
    assert!(
        names.contains(&"dns_attributes".to_owned()) && names.contains(&"s3_endpoint".to_owned()),
        "{names:?}"
    );
}

fn break_it(cloud: &Cloud, it: &Value) {
    let (vpc, group) = (text(&it["vpc_id"]), text(&it["user_security_group_id"]));
    call(cloud, "ModifyVpcAttribute", &[("VpcId", &vpc), ("EnableDnsHostnames.Value", "false")]);
    let options = [
        ("DhcpConfiguration.1.Key", "domain-name-servers"),
        ("DhcpConfiguration.1.Value.1", "10.9.0.53"),
    ];
    let options = cloud.query("ec2", "CreateDhcpOptions", &options).expect("it is right");
    let options = options.find("dhcpOptionsId").expect("it has an id").text.clone();
    call(cloud, "AssociateDhcpOptions", &[("VpcId", &vpc), ("DhcpOptionsId", &options)]);

    let all = ("DestinationCidrBlock", "0.0.0.0/0");
    let gateways = cloud.query("ec2", "DescribeInternetGateways", &[]).expect("listing is allowed");
    let attached = gateways
        .members("internetGatewaySet")
        .iter()
        .find(|one| one.find("vpcId").is_some_and(|id| id.text == vpc));
    let gateway =
        attached.expect("one is attached").get("internetGatewayId").expect("an id").to_owned();
    let private = &it["private_subnet_ids"];
    call(cloud, "DeleteRoute", &[("RouteTableId", &table(cloud, &private[0])), all]);
    call(
        cloud,
        "ReplaceRoute",
        &[("RouteTableId", &table(cloud, &private[1])), all, ("GatewayId", &gateway)],
    );
    let intra = table(cloud, &it["intra_subnet_ids"][0]);
    call(cloud, "CreateRoute", &[("RouteTableId", &intra), all, ("GatewayId", &gateway)]);

    let endpoints = cloud.query("ec2", "DescribeVpcEndpoints", &[]).expect("listing is allowed");
    let storage = endpoints
        .members("vpcEndpointSet")
        .iter()
        .find(|one| one.get("vpcEndpointType") == Some("Gateway"));
    let storage = storage.expect("there is one").get("vpcEndpointId").expect("an id").to_owned();
    call(cloud, "DeleteVpcEndpoints", &[("VpcEndpointId.1", &storage)]);
    let rule = [
        ("GroupId", group.as_str()),
        ("IpPermissions.1.IpProtocol", "tcp"),
        ("IpPermissions.1.FromPort", "443"),
        ("IpPermissions.1.ToPort", "443"),
        ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"),
    ];
    call(cloud, "RevokeSecurityGroupIngress", &rule);
    // A private subnet of 59 addresses that serves users too: 38 are needed.
    for _ in 0..25 {
        call(cloud, "CreateNetworkInterface", &[("SubnetId", &text(&private[0]))]);
    }
}

/// An endpoint for the API without private DNS.
fn endpoint(cloud: &Cloud, it: &Value) -> Value {
    let made = cloud.query(
        "ec2",
        "CreateVpcEndpoint",
        &[
            ("VpcId", &text(&it["vpc_id"])),
            ("VpcEndpointType", "Interface"),
            ("ServiceName", "com.amazonaws.us-east-1.execute-api"),
            ("SubnetId.1", &text(&it["user_subnet_ids"][0])),
            ("SecurityGroupId.1", &text(&it["user_security_group_id"])),
            ("PrivateDnsEnabled", "false"),
        ],
    );
    let made = made.expect("the request is right");
    json!({"id": made.find("vpcEndpointId").expect("it has an id").text})
}

/// The example with the ids of a network that is there.
#[test]
fn the_example_of_a_given_network_runs() {
    let cloud = Cloud::start();
    let it = network(&cloud, "  internal = true\n");
    let project = Project::new(&cloud);
    place(&project, "data-sources/quilt_network");
    let text = std::fs::read_to_string(project.path("data-source.tf")).expect("it is there");
    let ids = [
        ("vpc-0a1b2c3d4e5f60718", &it["vpc_id"]),
        ("subnet-0a1b2c3d4e5f60711", &it["private_subnet_ids"][0]),
        ("subnet-0a1b2c3d4e5f60712", &it["private_subnet_ids"][1]),
        ("subnet-0a1b2c3d4e5f60713", &it["intra_subnet_ids"][0]),
        ("subnet-0a1b2c3d4e5f60714", &it["intra_subnet_ids"][1]),
        ("sg-0a1b2c3d4e5f60715", &it["user_security_group_id"]),
        ("vpce-0a1b2c3d4e5f60716", &it["api_gateway_endpoint_id"]),
    ];
    let text = ids.iter().fold(text, |text, (id, own)| text.replace(id, &self::text(own)));
    project.write("data-source.tf", &text);
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    assert_eq!(project.state()["outputs"]["findings"]["value"], json!([]));
}

#[test]
fn arguments_of_the_wrong_kind_are_refused_offline() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let it = json!({
        "vpc_id": "vpc-1", "internal": false, "private_subnet_ids": ["subnet-1", "subnet-1"], "intra_subnet_ids": ["subnet-3"],
        "public_subnet_ids": ["subnet-5", "subnet-6"], "user_security_group_id": "quilt",
    });
    project.main(&given(&it, "  internal = true\n  accept = [\"vpc\"]\n"));
    let refused = project.run(&["validate", "-no-color"]).failed();
    let lines = [
        "Both are `subnet-1`",
        "This list has 1",
        "`public_subnet_ids` does not belong to an internal network",
        "`user_subnet_ids` is missing",
        "`api_gateway_endpoint_id` is missing",
        "This is not the id of a security group",
        "`vpc` cannot be accepted",
    ];
    lines.iter().fold(refused, |refused, line| refused.says(line));
    assert!(cloud.calls().is_empty());
}
