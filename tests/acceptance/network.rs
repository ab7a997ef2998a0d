//! `quilt_network` as people use it, and what is built on it.

use std::time::Duration;

use serde_json::{Value, json};

use super::templates::{self, fixture};
use super::terraform::{APPLY, Project};
use super::writes;
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_network.this";

/// Parameters that a network brings.
pub const BROUGHT: [&str; 8] = [
    "VPC",
    "Subnets",
    "PublicSubnets",
    "IntraSubnets",
    "UserSubnets",
    "UserSecurityGroup",
    "ApiGatewayVPCEndpoint",
    "ApiGatewayVPCEndpointId",
];

fn network(arguments: &str) -> String {
    format!(
        "resource \"quilt_network\" \"this\" {{\n  name = \"net\"\n  enable_termination_protection = false\n{arguments}\n}}\n"
    )
}

fn project(arguments: &str) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&network(arguments));
    (cloud, project)
}

fn count(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

#[test]
fn an_internet_facing_network_lives_a_whole_life() {
    let (cloud, project) = project("");
    lives(&cloud, &project, "", "  nat_gateways = \"single\"\n  ingress_cidrs = [\"10.0.0.0/8\"]");
}

#[test]
fn an_internal_network_lives_a_whole_life() {
    let (cloud, project) = project("  internal = true");
    lives(
        &cloud,
        &project,
        "  internal = true\n",
        "  internal = true\n  nat_gateways = \"none\"\n  ingress_cidrs = [\"10.0.0.0/8\", \"192.168.0.0/16\"]",
    );
}

fn lives(cloud: &Cloud, project: &Project, before: &str, after: &str) {
    let internal = before.contains("internal");
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("net-network").expect("it was made").status, "CREATE_COMPLETE");
    let of = |name| project.attribute(THIS, name);
    let sizes = ["private_subnet_ids", "public_subnet_ids", "intra_subnet_ids", "user_subnet_ids"]
        .map(|name| count(&of(name)));
    assert_eq!((sizes[0], sizes[2], sizes[3]), (2, 2, if internal { 2 } else { 0 }));
    assert_eq!(
        (of("internal"), of("api_gateway_endpoint_id").is_null()),
        (json!(internal), !internal)
    );
    assert!(
        of("vpc_id").as_str().is_some_and(|id| id.starts_with("vpc-"))
            && of("user_security_group_id").is_string()
    );

    let vpc = of("vpc_id");
    project.main(&network(after));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(of("vpc_id"), vpc);

    for id in ["net", of("id").as_str().unwrap_or_default()] {
        let other = project.again(cloud);
        cloud.forget();
        other.import(THIS, id).ok();
        other.plan_is_empty();
        assert_eq!((other.attribute(THIS, "vpc_id"), writes(cloud)), (vpc.clone(), vec![]));
    }
    project.destroy().ok();
    assert!(cloud.stack("net-network").is_none());
}

#[test]
fn addresses_are_known_at_plan() {
    let (cloud, project) = project("  cidr = \"10.1.0.0/20\"");
    let change = project.plan_json()["resource_changes"][0]["change"].clone();
    let subnets = change["after"]["subnets"].as_array().cloned().unwrap_or_default();
    let blocks: Vec<_> =
        subnets.iter().filter_map(|subnet| subnet["cidr_block"].as_str()).collect();
    assert_eq!(blocks.len(), 6, "{change}");
    assert!(
        blocks.contains(&"10.1.0.0/22") && blocks.contains(&"10.1.8.0/22"),
        "a private half of each zone: {blocks:?}"
    );
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn nothing_to_do_is_no_write() {
    let (cloud, project) = project("");
    project.apply().ok();
    cloud.forget();
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn bad_input_is_refused_at_its_line() {
    let (cloud, project) = project("");
    for (argument, words) in [
        ("cidr = \"10.0.0.1/16\"", "10.0.0.1/16"),
        ("cidr = \"10.0.0.0/25\"", "/24"),
        ("cidr = \"10.0.0.0/8\"", "/16"),
        ("cidr = \"ten\"", "ten"),
        ("cidr = \"fd00::/56\"", "fd00::/56"),
        ("nat_gateways = \"two\"", "one_per_az"),
        ("ingress_cidrs = [\"everywhere\"]", "everywhere"),
        ("availability_zones = [\"us-east-1a\"]", "two"),
        ("transit_gateway_id = \"tgw-rtb-1\"", "is a route table of one"),
        ("transit_gateway_ipv6_egress = true", "There is no transit gateway"),
        ("interface_endpoints = [\"execute-api\"]", "api_gateway_endpoint = true"),
        ("flow_logs = \"on\"", "cloud-watch-logs"),
        ("flow_logs = \"s3\"", "Say which bucket"),
        ("flow_logs_bucket_arn = \"arn:aws:s3:::records\"", "leave the bucket out"),
        ("flow_logs_retention_days = 100", "The nearest is 90"),
        ("vpc_id = \"vpc-1\"", "vpc_id"),
    ] {
        project.main(&network(&format!("  {argument}")));
        project
            .plan()
            .failed()
            .says(words)
            .says("on main.tf line 4, in")
            .says(&format!("4: {argument}"));
    }
    for name in ["Net", "ab", "a_network", "a-name-that-is-longer-than-20"] {
        project.main(&network("").replace("\"net\"", &format!("{name:?}")));
        project.plan().failed().says("on main.tf line 2, in").says(name);
    }
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn what_holds_data_is_not_replaced() {
    let (cloud, project) = project("");
    project.apply().ok();
    cloud.forget();
    for argument in
        ["cidr = \"10.9.0.0/16\"", "availability_zones = [\"us-east-1b\", \"us-east-1c\"]"]
    {
        project.main(&network(&format!("  {argument}")));
        project.plan().failed().says(&format!("4: {argument}"));
    }
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_protected_network_is_not_destroyed() {
    let (cloud, project) = project("");
    project.main(&network("").replace("enable_termination_protection = false", ""));
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("net-network").expect("it was made").protected);
    project.destroy().failed().says("enable_termination_protection = false");
    assert!(cloud.stack("net-network").is_some() && !project.instance(THIS).is_null());
}

#[test]
fn ctrl_c_in_a_creation() {
    let (cloud, project) = project("");
    project.main(&network("").replace("  enable_termination_protection = false\n", ""));
    cloud.hold(Rule::stack("net-network").resource("PrivateSubnet1").on("create").hold(600.0));
    let running = project.start(&APPLY);
    super::until_held(&cloud, &running, "net-network", "PrivateSubnet1", "create");
    let (outcome, time) = running.interrupt();
    let outcome = outcome.says("Network net is not finished").says("Run `terraform apply` again");
    assert!(
        time < Duration::from_secs(1),
        "the terminal was back after {time:?}:\n{}",
        outcome.text
    );
    let id = cloud.stack("net-network").expect("it was begun").id;
    assert_eq!(
        (&project.instance(THIS)["status"], project.attribute(THIS, "id")),
        (&json!(null), json!(id))
    );
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    let made = cloud.stack("net-network").expect("it was made");
    assert_eq!((made.id, made.status.as_str(), made.protected), (id, "CREATE_COMPLETE", true));
}

#[test]
fn a_stack_lives_in_an_internet_facing_network() {
    built_on("gen_c_terraform.yaml", "");
}

#[test]
fn a_stack_lives_in_an_internal_network() {
    built_on("gen_c_terraform_internal.yaml", "  internal = true");
}

/// A network and a stack in it, in one apply.
fn built_on(template: &str, arguments: &str) {
    let (cloud, project) = project(arguments);
    let template = std::fs::read_to_string(fixture(template)).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    let mut wanted = templates::wanted(&cloud, &template);
    wanted.plain.retain(|name, _| !BROUGHT.contains(&name.as_str()));
    let stack = format!(
        "resource \"quilt_stack\" \"this\" {{\n  name = \"quilt\"\n  template_file = \"quilt.yaml\"\n  network = quilt_network.this\n  \
         enable_termination_protection = false\n{}}}\n",
        templates::arguments(&wanted)
    );
    project.main(&format!("{}{stack}", network(arguments)));
    project.apply().ok().says("2 added");
    project.plan_is_empty();
    let parameters = cloud.stack("quilt").expect("it was made").parameters;
    assert_eq!(
        (json!(parameters["VPC"]), parameters["Subnets"].split(',').count()),
        (project.attribute(THIS, "vpc_id"), 2)
    );
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn a_network_of_the_wrong_kind_is_told_at_plan() {
    let (cloud, project) = project("  internal = true");
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    let stack = "resource \"quilt_stack\" \"this\" {\n  name = \"quilt\"\n  template_file = \"quilt.yaml\"\n  network = quilt_network.this\n}\n";
    project.main(&format!("{}{stack}", network("  internal = true")));
    project.plan().failed().says("The template is for an internet-facing network");
    assert_eq!(writes(&cloud), [""; 0]);
}
