//! Environments beside each other: three workspaces of one configuration, and two accounts in one state.

use std::path::Path;

use serde_json::{Value, json};

use super::drop_in::OBJECTS;
use super::network::BROUGHT;
use super::templates::{self, fixture};
use super::terraform::Project;
use super::{examples, free, queues, writes};
use crate::cloud::Cloud;

/// The values that the template needs from people.
fn values(cloud: &Cloud, template: &Path) -> Value {
    let mut wanted =
        templates::wanted(cloud, &std::fs::read_to_string(template).expect("the template is text"));
    for brought in BROUGHT.iter().chain(&OBJECTS).chain(&["QuiltWebHost"]) {
        wanted.plain.remove(*brought);
        wanted.secret.remove(*brought);
    }
    let mut plain = |name: &str| wanted.plain.remove(name).unwrap_or_default();
    let (certificate, email) = (plain("CertificateArnELB"), plain("AdminEmail"));
    json!({
        "template_file": template, "certificate_arn": certificate, "admin_email": email, "protected": false,
        "parameters": wanted.plain, "parameters_wo": wanted.secret,
        "account_ids": {"dev": cloud.account(), "stage": cloud.account(), "prod": cloud.account()},
    })
}

fn workspace(project: &Project, verb: &str, name: &str) {
    project.run(&["workspace", verb, "-no-color", name]).ok();
}

fn names(cloud: &Cloud) -> Vec<String> {
    let mut names: Vec<_> = cloud.stacks().into_iter().map(|stack| stack.name).collect();
    names.sort();
    names
}

/// Stacks as they are, by name.
fn picture(cloud: &Cloud, of: &str) -> Vec<(String, String, String)> {
    let all = cloud.stacks().into_iter().filter(|stack| stack.name.starts_with(of));
    all.map(|stack| (stack.id, stack.status, format!("{:?} {:?}", stack.parameters, stack.tags)))
        .collect()
}

#[test]
fn three_environments_side_by_side() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    examples::place(&project, "workspaces");
    let values = values(&cloud, &fixture("gen_c_terraform.yaml"));
    project.write("terraform.tfvars.json", &values.to_string());
    project
        .plan()
        .failed()
        .says("The workspace default has no settings")
        .says("terraform workspace select dev, stage or prod");
    for name in ["dev", "stage", "prod"] {
        workspace(&project, "new", name);
        project.apply().ok().says("4 added");
        project.plan_is_empty();
    }
    assert_eq!(names(&cloud).len(), 12);
    let stage = cloud.stack("quilt-stage").expect("it was made");
    assert_eq!(stage.tags.get("environment").map(String::as_str), Some("stage"));
    let class = |name: &str| {
        cloud.stack(&format!("quilt-{name}-database")).expect("it was made").parameters["InstanceClass"].clone()
    };
    assert_eq!((class("dev"), class("prod")), ("db.t3.small".into(), "db.t3.medium".into()));

    let before = picture(&cloud, "quilt-prod");
    workspace(&project, "select", "dev");
    let mut changed = values.clone();
    changed["admin_email"] = json!("other@example.com");
    project.write("terraform.tfvars.json", &changed.to_string());
    project.apply().ok().says("0 added, 1 changed");
    project.plan_is_empty();
    project.destroy().ok().says("4 destroyed");
    assert_eq!(
        (picture(&cloud, "quilt-prod"), picture(&cloud, "quilt-dev").len()),
        (before, 0),
        "an apply in one touches no other"
    );

    // What the production made is refused to all others, beginning with the network that everything else waits for.
    changed["name"] = json!("quilt-prod");
    project.write("terraform.tfvars.json", &changed.to_string());
    cloud.forget();
    project
        .plan()
        .failed()
        .says("A stack named quilt-prod-network exists already")
        .says("id = \"quilt-prod-network\"");
    assert_eq!((picture(&cloud, "quilt-prod").len(), writes(&cloud)), (4, vec![]));

    changed["account_ids"]["dev"] = json!("210987654321");
    project.write("terraform.tfvars.json", &changed.to_string());
    cloud.forget();
    project
        .apply()
        .failed()
        .says(cloud.account())
        .says("`allowed_account_ids` allows only 210987654321");
    assert_eq!(writes(&cloud), [""; 0]);
    project.write("terraform.tfvars.json", &values.to_string());
    for name in ["stage", "prod"] {
        workspace(&project, "select", name);
        project.destroy().ok();
    }
    assert!(cloud.stacks().is_empty());
}

#[test]
fn what_another_workspace_made_is_taken_over_by_an_import() {
    let (cloud, project) = queues();
    project.main(&free(""));
    workspace(&project, "new", "one");
    project.apply().ok();
    let before = picture(&cloud, "queues");
    workspace(&project, "new", "two");
    cloud.forget();
    project.plan().failed().says("did not begin it").says("id = \"queues\"");
    assert_eq!(writes(&cloud), [""; 0]);
    assert_eq!(picture(&cloud, "queues"), before);
    project.write("import.tf", "import {\n  to = quilt_stack.this\n  id = \"queues\"\n}\n");
    project.apply().ok().says("1 imported");
    project.plan_is_empty();
    assert_eq!(picture(&cloud, "queues"), before, "taking over changes nothing");
}

/// Whatever would make what another workspace made: at plan, with the block that takes it over, and nothing changed.
#[test]
fn every_object_knows_whose_it_is() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let object = |kind: &str, arguments: &str| {
        format!("resource \"{kind}\" \"this\" {{\n{arguments}\n}}\n\n")
    };
    let free = "  enable_termination_protection = false";
    let on =
        |network: &str, more: &str| format!("  name = \"shared\"\n  network = {network}\n{more}");
    let place = "{ vpc_id = \"vpc-0\", intra_subnet_ids = [\"subnet-0\", \"subnet-1\"] }";
    let objects = |network: &str, instance: &str| {
        [
            ("shared-network", object("quilt_network", &format!("  name = \"shared\"\n{free}"))),
            (
                "shared-database",
                object(
                    "quilt_database",
                    &on(
                        network,
                        "  enable_deletion_protection = false\n  enable_termination_protection = false",
                    ),
                ),
            ),
            (
                "shared-search",
                object("quilt_search", &on(network, &format!("  size = \"small\"\n{free}"))),
            ),
            (
                "shared",
                object(
                    "quilt_snapshot",
                    &format!(
                        "  snapshot_identifier = \"shared\"\n  db_instance_identifier = {instance}"
                    ),
                ),
            ),
        ]
    };
    let own = objects("quilt_network.this", "quilt_database.this.db_instance_identifier");
    project.main(&own.map(|(_, text)| text).concat());
    workspace(&project, "new", "one");
    project.apply().ok().says("4 added");
    let state = std::fs::read_to_string(project.path("terraform.tfstate.d/one/terraform.tfstate"))
        .expect("it was written");
    let state: Value = serde_json::from_str(&state).expect("it is JSON");
    let database = state["resources"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|row| row["type"] == "quilt_database")
        .cloned();
    let instance =
        database.unwrap_or_default()["instances"][0]["attributes"]["db_instance_identifier"]
            .to_string();
    let before = picture(&cloud, "shared");
    workspace(&project, "new", "two");
    cloud.forget();
    for (name, text) in objects(place, &instance) {
        project.main(&text);
        let words = format!("named {name} exists already");
        project.plan().failed().says(&words).says("import {").says(&format!("id = \"{name}\""));
        project.apply().failed().says(&words);
    }
    assert_eq!((picture(&cloud, "shared"), writes(&cloud)), (before, vec![]));
}

#[test]
fn two_accounts_in_one_state() {
    let (us, eu) = (Cloud::start(), Cloud::start());
    let mut project = Project::new(&us);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"] {
        project.set(name, "");
    }
    examples::place(&project, "accounts");
    project.get();
    let keys = |cloud: &Cloud| json!({"account_id": cloud.account(), "access_key": cloud.account(), "secret_key": "not-a-secret"});
    let values = json!({"us": keys(&us), "eu": keys(&eu), "enable_termination_protection": false});
    project.write("terraform.tfvars.json", &values.to_string());
    project.apply().ok().says("5 added");
    project.plan_is_empty();
    let state = project.state();
    let rows = state["resources"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|row| row["instances"].as_array().into_iter().flatten());
    let mut homes: Vec<_> = rows
        .map(|row| {
            let arn = ["id", "stack_id"]
                .iter()
                .filter_map(|name| row["attributes"][name].as_str())
                .find(|id| id.starts_with("arn:"));
            let arn: Vec<_> = arn.expect("it is a stack").split([':', '/']).collect();
            format!(
                "{} {} {} {}",
                arn[3],
                arn[4],
                arn[6],
                row["attributes"]["tags_all"]["home"].as_str().unwrap_or_default()
            )
        })
        .collect();
    homes.sort();
    let (one, two) = (us.account(), eu.account());
    let expected = [
        format!("eu-central-1 {two} quilt-prod-network eu"),
        format!("eu-central-1 {two} quilt-prod-notices eu"),
        format!("us-east-1 {one} quilt-prod-network us"),
        format!("us-east-1 {one} quilt-prod-notices us"),
        format!("us-west-2 {one} quilt-prod-standby-network us"),
    ];
    assert_eq!(homes, expected);
    assert_eq!(
        names(&us),
        ["quilt-prod-network", "quilt-prod-notices"],
        "the account that the state says"
    );

    let mut wrong = values.clone();
    wrong["eu"]["access_key"] = json!(us.account());
    project.write("terraform.tfvars.json", &wrong.to_string());
    us.forget();
    project.apply().failed().says(us.account()).says("allowed_account_ids");
    assert_eq!(writes(&us), [""; 0]);
    project.write("terraform.tfvars.json", &values.to_string());
    project.destroy().ok().says("5 destroyed");
    assert!(us.stacks().is_empty() && eu.stacks().is_empty());
    project.plan().says("5 to add");
}
