//! One release of the provider after another, both installed from their archives: a stack keeps its template until a newer one is asked for, and the
//! state of the first plans empty by the second.

use serde_json::{Value, json};

use super::terraform::Project;
use super::{QUEUES, free, writes};
use crate::cloud::Cloud;
use crate::release::upgrade::{first, second};

/// The stacks that are made from templates inside the provider: the resource, its stack and its template.
const INSIDE: [(&str, &str, &str); 3] = [
    ("quilt_network", "next-network", include_str!("../../src/quilt/templates/network-2.yaml")),
    ("quilt_database", "next-database", include_str!("../../src/quilt/templates/database.yaml")),
    ("quilt_search", "next-search", include_str!("../../src/quilt/templates/search.yaml")),
];

/// The newest version of each of them.
const NEWEST: [u32; 3] = [2, 1, 1];

/// Network, database and search domain, each with a version so far from its newest.
fn raised(by: u32) -> String {
    let lines = NEWEST.map(|newest| format!("  template_version = \"{}\"\n", newest + by));
    all(lines.each_ref().map(String::as_str))
}

/// Network, database and search domain, each with this line.
fn main(line: &str) -> String {
    all([line; 3])
}

/// The same, each with its own.
fn all(lines: [&str; 3]) -> String {
    let network = "  network = quilt_network.this\n";
    let free = "  enable_termination_protection = false\n";
    let one = |kind: &str, more: &str, line: &str| {
        format!("resource \"{kind}\" \"this\" {{\n  name = \"next\"\n{more}{line}}}\n\n")
    };
    let database = format!("{network}{free}  enable_deletion_protection = false\n");
    let search = format!("{network}{free}  size = \"small\"\n");
    let networks = one("quilt_network", free, lines[0]);
    let databases = one("quilt_database", &database, lines[1]);
    [networks, databases, one("quilt_search", &search, lines[2])].concat()
}

/// The template as another release has it.
fn version(text: &str, version: &str) -> String {
    let other = ["1", "2"].iter().fold(text.to_owned(), |text, own| {
        text.replace(&format!("Value: \"{own}\""), &format!("Value: \"{version}\""))
    });
    assert_ne!(other, text, "the template tells its version");
    other
}

/// Gives the stacks the template of another release, as if that had made them.
fn made_by(cloud: &Cloud, release: &str) {
    for (_, name, text) in INSIDE {
        let body = version(text, release);
        let kept = cloud.stack(name).expect("it is there").parameters;
        let rows = kept.keys().zip(1..).flat_map(|(parameter, i)| {
            let member = format!("Parameters.member.{i}");
            [
                (format!("{member}.ParameterKey"), parameter.clone()),
                (format!("{member}.UsePreviousValue"), "true".to_owned()),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let options: Vec<_> = rows
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .chain([("TemplateBody", body.as_str())])
            .collect();
        cloud.change_stack("UpdateStack", name, &options, &[]).expect("an output changes");
        assert_eq!(cloud.settled(name).status, "UPDATE_COMPLETE");
    }
    cloud.forget();
}

#[test]
fn a_template_is_raised_in_words_and_never_goes_back() {
    let cloud = Cloud::start();
    let project = first(&cloud);
    project.main(&main(""));
    project.apply().ok().says("3 added");
    let ids = || {
        INSIDE.map(|(kind, ..)| {
            ["id", "vpc_id"].map(|id| project.attribute(&format!("{kind}.this"), id))
        })
    };
    let before = ids();
    made_by(&cloud, "0");
    second(&project);
    project.plan_is_empty();
    project.apply().ok();
    let versions =
        || INSIDE.map(|(kind, ..)| project.attribute(&format!("{kind}.this"), "template_version"));
    assert_eq!(
        (versions(), writes(&cloud)),
        ([json!("0"), json!("0"), json!("0")], vec![]),
        "a new release changes nothing by itself"
    );

    project.main(&raised(0));
    project.apply().ok().says("0 added, 3 changed, 0 destroyed");
    project.plan_is_empty();
    assert_eq!((versions(), ids()), ([json!("2"), json!("1"), json!("1")], before));
    for (_, name, text) in INSIDE {
        assert_eq!(cloud.template(name), text, "{name}");
    }

    project.main(&raised(1));
    project
        .plan()
        .failed()
        .says("This release has no such template")
        .says("newest version here is 2")
        .says("template_version = \"3\"");
    made_by(&cloud, "9");
    project.main(&raised(0));
    project.plan().failed().says("only goes up").says("Write `template_version = \"9\"`");
    project.main(&main(""));
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    project.destroy().ok();
}

/// Attributes that no release had once, by resource; an earlier one wrote none of them.
const YOUNG: [(&str, &[&str]); 5] = [
    (
        "quilt_stack",
        &[
            "preview",
            "on_rollback_failed",
            "rollback_resources_to_skip",
            "empty_buckets",
            "inherit_parameters_from",
        ],
    ),
    (
        "quilt_network",
        &[
            "template_version",
            "ingress_cidrs",
            "s3_gateway_endpoint",
            "transit_gateway_ipv6_egress",
            "interface_endpoints",
            "flow_logs",
            "flow_logs_retention_days",
        ],
    ),
    (
        "quilt_database",
        &[
            "enable_termination_protection",
            "template_version",
            "backup_retention_days",
            "storage_type",
            "snapshot",
        ],
    ),
    ("quilt_search", &["template_version", "volume_throughput"]),
    (
        "quilt_snapshot",
        &["copy_to_region", "copy_kms_key_id", "copy_identifier", "copy_arn", "delete_on_destroy"],
    ),
];

/// The state as an earlier release would have left it: without what it did not know, and without what is null or remembered on the side.
fn older(mut state: Value) -> String {
    for row in state["resources"].as_array_mut().expect("it holds resources") {
        let young = YOUNG
            .iter()
            .find(|(kind, _)| row["type"] == *kind)
            .map(|(_, names)| *names)
            .unwrap_or_default();
        let network = row["type"] == "quilt_network";
        for instance in row["instances"].as_array_mut().expect("there is one") {
            instance.as_object_mut().expect("it is an object").remove("private");
            let attributes = instance["attributes"].as_object_mut().expect("it has attributes");
            attributes.retain(|name, value| !value.is_null() && !young.contains(&name.as_str()));
            // What a network's `id` was called in version 0.
            if network {
                let arn = attributes.remove("id").expect("it has one");
                attributes.insert("stack_id".into(), arn);
                instance["schema_version"] = json!(0);
            }
        }
    }
    state["serial"] = json!(state["serial"].as_u64().unwrap_or_default() + 1);
    state.to_string()
}

/// Five objects, of which the stack has so large a queue.
fn five(size: u32) -> String {
    let snapshot = "resource \"quilt_snapshot\" \"this\" {\n  db_instance_identifier = quilt_database.this.db_instance_identifier\n}\n";
    let stack = free(&format!("  parameters = {{ Size = {size} }}"));
    format!("{}{snapshot}{stack}", main(""))
}

/// The plan is empty, and an apply leaves AWS as it is.
fn goes_on(cloud: &Cloud, project: &Project) {
    let plan = project.plan();
    assert_eq!(plan.code, 0, "{}", plan.text);
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(writes(cloud), [""; 0]);
}

#[test]
fn the_state_of_an_earlier_release_plans_empty() {
    let cloud = Cloud::start();
    let project = first(&cloud);
    project.write("template.yaml", QUEUES);
    project.main(&five(2048));
    project.apply().ok().says("5 added");
    project.plan_is_empty();
    let state = project.state();
    cloud.forget();

    second(&project);
    goes_on(&cloud, &project);
    assert_eq!(project.state()["resources"], state["resources"]);
    project.write("terraform.tfstate", &older(project.state()));
    goes_on(&cloud, &project);
    project.main(&five(4096));
    project.apply().ok().says("0 added, 1 changed, 0 destroyed");
    project.plan_is_empty();
    project.destroy().ok().says("5 destroyed");
}
