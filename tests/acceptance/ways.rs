//! The ways out of a `quilt_network`, what it reaches without one, its flow logs, and a network that an earlier template made.

use std::collections::BTreeMap;

use serde_json::json;

use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

const THIS: &str = "quilt_network.this";
const STACK: &str = "ways-network";

fn network(arguments: &str) -> String {
    format!(
        "resource \"quilt_network\" \"this\" {{\n  name = \"ways\"\n  enable_termination_protection = false\n{arguments}}}\n"
    )
}

fn gateway(cloud: &Cloud) -> String {
    let made = cloud.query("ec2", "CreateTransitGateway", &[]).expect("one is made");
    made.find("transitGatewayId").map(|node| node.text.clone()).expect("it has an id")
}

/// What the default routes of the private subnets lead to.
fn ways_out(cloud: &Cloud) -> Vec<String> {
    let tables = cloud.resources(STACK);
    let private =
        ["Private1RouteTable", "Private2RouteTable"].map(|name| tables[name].physical_id.clone());
    let answer = cloud
        .query(
            "ec2",
            "DescribeRouteTables",
            &[("RouteTableId.1", &private[0]), ("RouteTableId.2", &private[1])],
        )
        .expect("they are there");
    let routes = answer.members("routeTableSet").iter().flat_map(|table| table.members("routeSet"));
    let out = routes.filter(|route| {
        [route.get("destinationCidrBlock"), route.get("destinationIpv6CidrBlock")]
            .iter()
            .any(|to| matches!(to, Some("0.0.0.0/0" | "::/0")))
    });
    let targets = ["natGatewayId", "transitGatewayId", "egressOnlyInternetGatewayId"];
    out.map(|route| targets.iter().find_map(|name| route.get(name)).unwrap_or_default().to_owned())
        .collect()
}

/// Imported under its name it plans nothing; destroyed it leaves nothing.
fn imports_and_goes(cloud: &Cloud, project: &Project) {
    let other = project.again(cloud);
    cloud.forget();
    other.import(THIS, "ways").ok();
    other.plan_is_empty();
    assert_eq!(writes(cloud), [""; 0]);
    project.destroy().ok();
    assert!(cloud.stack(STACK).is_none());
}

#[test]
fn a_transit_gateway_takes_the_place_of_nat_and_gives_it_back() {
    let cloud = Cloud::start();
    let (project, tgw) = (Project::new(&cloud), gateway(&cloud));
    project.main(&network(""));
    project.apply().ok();
    let (subnets, before) = (project.attribute(THIS, "subnets"), ways_out(&cloud));
    assert!(before.iter().any(|way| way.starts_with("nat-")), "{before:?}");

    project
        .main(&network(&format!("  transit_gateway_id = {tgw:?}\n  nat_gateways = \"single\"\n")));
    project.plan().failed().says("NAT and a transit gateway exclude each other").says("5: ");
    let through = format!("  transit_gateway_id = {tgw:?}\n  transit_gateway_ipv6_egress = true\n");
    project.main(&network(&through));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(ways_out(&cloud), vec![tgw.clone(); 4]);
    let attachment = project.attribute(THIS, "transit_gateway_attachment_id");
    assert!(attachment.as_str().is_some_and(|id| id.starts_with("tgw-attach-")), "{attachment}");
    assert_eq!(
        (project.attribute(THIS, "nat_gateways"), project.attribute(THIS, "subnets")),
        (json!("none"), subnets.clone())
    );
    let nat = cloud.resources(STACK).remove("NatGateway1");
    assert!(nat.as_ref().is_none_or(|nat| nat.status == "DELETE_COMPLETE"), "{nat:?}");

    project.main(&network(""));
    project.apply().ok().says("1 changed");
    assert!(ways_out(&cloud).iter().all(|way| !way.starts_with("tgw-")), "{:?}", ways_out(&cloud));
    project.main(&network(&through));
    project.apply().ok();
    imports_and_goes(&cloud, &project);
}

#[test]
fn a_network_without_a_way_out_has_endpoints_and_is_told_which_it_lacks() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&network("  nat_gateways = \"none\"\n"));
    project
        .plan()
        .says("The private subnets have no way out")
        .says("`logs`, `ecr.api`, `ecr.dkr`, `sqs`, `sns`");
    let least = "\"logs\", \"ecr.api\", \"ecr.dkr\", \"sqs\", \"sns\"";
    let closed = |more: &str| {
        network(&format!(
            "  nat_gateways = \"none\"\n  api_gateway_endpoint = true\n  interface_endpoints = [{least}{more}]\n"
        ))
    };
    project.main(&closed(""));
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    project.main(&closed(", \"lambda\", \"ecs\", \"events\", \"kms\""));
    let planned = project.plan();
    assert!(!planned.text.contains("have no way out"), "{}", planned.text);
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let made = cloud.resources(STACK);
    let endpoints: Vec<_> = made.values().filter(|r| r.kind == "AWS::EC2::VPCEndpoint").collect();
    // These nine, the API's and S3's.
    assert_eq!((endpoints.len(), made.contains_key("EndpointSecurityGroup")), (11, true));
    imports_and_goes(&cloud, &project);
}

#[test]
fn traffic_is_recorded_where_it_is_said() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&network(""));
    project.apply().ok();
    assert_eq!(records(&cloud), [""; 0], "off by default");
    project.main(&network("  flow_logs = \"cloud-watch-logs\"\n  flow_logs_retention_days = 30\n"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let group = project.attribute(THIS, "flow_log_group_name");
    assert_eq!(records(&cloud), [group.as_str().expect("it has a name")]);
    let bucket = format!("arn:aws:s3:::{}", cloud.bucket("records"));
    project.main(&network(&format!("  flow_logs = \"s3\"\n  flow_logs_bucket_arn = {bucket:?}\n")));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(records(&cloud), [bucket]);
    assert!(project.attribute(THIS, "flow_log_group_name").is_null());
    imports_and_goes(&cloud, &project);
    assert_eq!(records(&cloud), [""; 0]);
}

/// Where the records of each flow log go.
fn records(cloud: &Cloud) -> Vec<String> {
    let answer = cloud.query("ec2", "DescribeFlowLogs", &[]).expect("it answers");
    let logs = answer.members("flowLogSet").iter();
    logs.map(|log| log.get("logDestination").unwrap_or_default().to_owned()).collect()
}

/// A network of the first version of the template, raised: everything that was there stays what it was, and what is new comes only with its argument.
#[test]
fn a_network_that_an_earlier_template_made_keeps_everything() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let ids = || -> BTreeMap<String, String> {
        cloud.resources(STACK).into_iter().map(|(name, it)| (name, it.physical_id)).collect()
    };
    project.main(&network("  template_version = \"1\"\n"));
    project.apply().ok();
    let before = ids();
    project.main(&network(""));
    project.plan_is_empty();
    project.main(&network("  flow_logs = \"cloud-watch-logs\"\n"));
    project
        .plan()
        .failed()
        .says("The version of the template does not have this")
        .says("Write `template_version = \"2\"` as well")
        .says("on main.tf line 4, in");
    project.main(&network("  template_version = \"2\"\n"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(ids(), before, "nothing is replaced, nothing comes");
    project.main(&network("  template_version = \"2\"\n  flow_logs = \"cloud-watch-logs\"\n"));
    project.apply().ok().says("1 changed");
    let after = ids();
    assert!(before.iter().all(|(name, id)| after.get(name) == Some(id)), "{before:?} {after:?}");
    assert_eq!(after.len(), before.len() + 3, "the log, its group and its role");
    project.destroy().ok();
}
