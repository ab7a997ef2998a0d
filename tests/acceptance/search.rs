//! `quilt_search` as people use it: by size, by single arguments, upgraded, and refused where AWS would refuse it later.

use serde_json::{Value, json};

use super::terraform::Project;
use super::writes;
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_search.this";

const NETWORK: &str = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n";

fn search(arguments: &str) -> String {
    format!(
        "resource \"quilt_search\" \"this\" {{\n  name = \"find\"\n  network = quilt_network.this\n  enable_termination_protection = false\n{arguments}\n}}\n"
    )
}

/// The domain as AWS tells of it by the calls that the provider does not use.
fn domain(cloud: &Cloud) -> Value {
    cloud.rest("es", "GET", "/2021-01-01/opensearch/domain/find", &json!({}))["DomainStatus"]
        .clone()
}

/// A change that somebody makes past CloudFormation, which goes on for so long.
fn changed_by_hand(cloud: &Cloud, seconds: f64) {
    cloud.hold(Rule::stack("find").resource("Domain").on("process").hold(seconds).times(1));
    cloud.rest(
        "es",
        "POST",
        "/2021-01-01/opensearch/domain/find/config",
        &json!({"AdvancedOptions": {"a": "b"}}),
    );
}

#[test]
fn a_search_domain_lives_a_whole_life() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project
        .main(&format!("{NETWORK}{}", search("  size = \"small\"\n  tags = { Team = \"data\" }")));
    project.apply().ok();
    project.plan_is_empty();
    let of = |name| project.attribute(THIS, name);
    assert_eq!(
        (of("instance_type"), of("volume_size"), of("domain_name")),
        (json!("m6g.large.elasticsearch"), json!(512), json!("find"))
    );
    let made = domain(&cloud);
    assert_eq!(
        (&made["EngineVersion"], &made["ClusterConfig"]["InstanceType"]),
        (&json!("Elasticsearch_7.10"), &json!("m6g.large.search"))
    );
    assert_eq!(
        (&made["VPCOptions"]["SubnetIds"].as_array().map(Vec::len), &made["Endpoints"]["vpc"]),
        (&Some(1), &of("endpoint"))
    );
    assert_eq!(
        (&made["DomainEndpointOptions"]["TLSSecurityPolicy"], &made["ARN"]),
        (&json!("Policy-Min-TLS-1-2-PFS-2023-10"), &of("domain_arn"))
    );
    assert!(
        [&made["EncryptionAtRestOptions"], &made["NodeToNodeEncryptionOptions"]]
            .iter()
            .all(|option| option["Enabled"].to_string().contains("true"))
    );

    project.main(&format!("{NETWORK}{}", search("  size = \"xxx-large\"")));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let made = domain(&cloud);
    assert_eq!(made["EBSOptions"]["Throughput"].to_string().trim_matches('"'), "1187");
    assert_eq!(
        (made["VPCOptions"]["SubnetIds"].as_array().map(Vec::len), of("zone_awareness")),
        (Some(2), json!(true))
    );

    let other = project.again(&cloud);
    let (vpc, subnets) = (
        project.attribute("quilt_network.this", "vpc_id"),
        project.attribute("quilt_network.this", "intra_subnet_ids"),
    );
    let literal = format!("{{ vpc_id = {vpc}, intra_subnet_ids = {subnets} }}");
    other.main(&search("  size = \"xxx-large\"").replace("quilt_network.this", &literal));
    cloud.forget();
    other.import(THIS, "find").ok();
    other.plan_is_empty();
    assert_eq!((writes(&cloud), other.attribute(THIS, "template_version")), (vec![], json!("1")));

    let written = project.again(&cloud);
    let import = |to: &str, id: &str| format!("import {{\n  to = {to}.this\n  id = \"{id}\"\n}}\n");
    written.main(&(import("quilt_search", "find") + &import("quilt_network", "net")));
    written
        .run(&["plan", "-no-color", "-input=false", "-generate-config-out=generated.tf"])
        .ok()
        .says("2 to import, 0 to add, 0 to change");
    written.apply().ok().says("2 imported, 0 added, 0 changed");
    written.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0], "what Terraform has written is taken as it is");
    project.destroy().ok();
    assert!(cloud.stack("find-search").is_none());
}

#[test]
fn an_older_engine_goes_up_once_the_domain_is_idle() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let older = "  instance_type = \"m5.xlarge.elasticsearch\"\n  dedicated_master_count = 0\n";
    project.main(&format!("{NETWORK}{}", search(&format!("{older}  engine_version = \"6.8\""))));
    project.apply().ok();
    project.plan_is_empty();
    let id = project.attribute(THIS, "domain_arn");

    project.main(&format!("{NETWORK}{}", search("  engine_version = \"7.10\"")));
    project.plan().failed().says("Raise `engine_version` alone");
    changed_by_hand(&cloud, 3.0);
    assert_eq!(domain(&cloud)["Processing"], json!(true));
    project.main(&format!("{NETWORK}{}", search(&format!("{older}  engine_version = \"7.10\""))));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let made = domain(&cloud);
    assert_eq!(
        (&made["EngineVersion"], &made["ARN"], &made["Processing"]),
        (&json!("Elasticsearch_7.10"), &id, &json!(false))
    );
    project.main(&format!("{NETWORK}{}", search("")));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&format!("{NETWORK}{}", search("  engine_version = \"6.8\"")));
    project.plan().failed().says("only goes up");
}

#[test]
fn what_cannot_be_is_refused_with_nothing_created() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    cloud.forget();
    for (argument, words) in [
        ("size = \"huge\"", "small, medium"),
        ("volume_type = \"io1\"", "`gp2` or `gp3`"),
        ("volume_iops = 3000", "volume_type = \"gp3\""),
        ("instance_count = 3", "even number"),
        ("dedicated_master_count = 2", "Write 0, 3 or 5"),
        ("instance_type = \"t2.small.elasticsearch\"", "encrypt"),
        ("engine_version = \"6.7\"", "6.7"),
        ("engine_version = \"8.0\"", "not a version of Elasticsearch"),
        ("template_version = \"9\"", "newest version here is 1"),
    ] {
        project.main(&format!("{}{NETWORK}", search(&format!("  {argument}"))));
        project.plan().failed().says(words);
    }
    project.main(&format!("{}{NETWORK}", search("  size = \"small\"\n  volume_size = 100")));
    project
        .plan()
        .failed()
        .says("say something else than `size`")
        .says("on main.tf line 5, in")
        .says("5:   size = \"small\"");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_missing_service_linked_role_is_told_with_its_cure() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let reason = "Resource handler returned message: \"Invalid request provided: Before you can proceed, you must enable a service-linked role to \
                  give Amazon ES permissions to access your VPC.\"";
    cloud.hold(Rule::stack("find-search").resource("Search").on("create").fail(reason));
    project.main(&format!("{NETWORK}{}", search("")));
    project
        .apply()
        .failed()
        .says("aws iam create-service-linked-role --aws-service-name es.amazonaws.com");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
}
