//! Plans that a person reads: of a new deployment, of an upgrade and of an import, each on a few screens.

use std::fs;

use serde_json::json;

use super::command::Outcome;
use super::terraform::Project;
use super::{QUEUES, free, queues, templates, writes};
use crate::cloud::Cloud;

const THIS: &str = "quilt_stack.this";
/// The most lines that a plan may have.
const MOST: usize = 250;

/// Fails the test unless the plan is short. What Terraform says of the development override, nobody reads who installed the provider.
fn short(plan: Outcome) -> Outcome {
    let told = plan.text.split_once("published\nreleases.\n").map_or(&*plan.text, |(_, plan)| plan);
    let lines = told.lines().count();
    assert!(lines < MOST, "{lines} lines:\n{}", plan.text);
    plan
}

#[test]
fn a_new_deployment() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    super::examples::place(&project, "complete");
    super::examples::values(&cloud, &project, "gen_c_terraform.yaml", true, |name| {
        ["CloudTrailBucket", "CanaryNotificationsEmail"].contains(&name)
    });
    short(project.plan()).says("4 to add");
}

/// A deployment of Quilt, made by nobody's Terraform or by this project's.
fn deployed(project: &Project, cloud: &Cloud) -> (String, String) {
    let template = fs::read_to_string(templates::fixture("gen_c_terraform.yaml")).expect("text");
    project.write("quilt.yaml", &template);
    let main =
        templates::main("template_file = \"quilt.yaml\"", &templates::wanted(cloud, &template));
    project.main(&main);
    project.apply().ok();
    project.plan_is_empty();
    (template, main)
}

/// What is not replaced stays known, and so does everything that hangs on it.
#[test]
fn an_upgrade() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let (template, main) = deployed(&project, &cloud);
    let record = "resource \"terraform_data\" \"records\" {\n  input = [quilt_stack.this.cnames, quilt_stack.this.load_balancer_dns_name, \
                  quilt_stack.this.registry_role_arn]\n}\n";
    project.main(&format!("{main}{record}"));
    project.apply().ok();
    let queue = "Resources:\n  OneMoreQueue:\n    Type: AWS::SQS::Queue\n";
    project.write("quilt.yaml", &template.replacen("Resources:\n", queue, 1));
    let plan = short(project.plan()).says("0 to add, 1 to change, 0 to destroy").says("1 added");
    for known in ["load_balancer_dns_name", "registry_role_arn", "cnames", "url", "outputs"] {
        let open = |line: &str| line.contains(known) && line.contains("known after apply");
        assert!(!plan.text.lines().any(open), "{known}: {}", plan.text);
    }
    project.apply().ok().says("0 added, 1 changed, 0 destroyed");
    project.plan_is_empty();
}

#[test]
fn an_import() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let (_, main) = deployed(&project, &cloud);
    let block = "import {\n  to = quilt_stack.this\n  id = \"quilt\"\n}\n";
    let other = project.again(&cloud);
    cloud.forget();
    other.main(&format!("{block}{main}"));
    short(other.plan()).says("1 to import, 0 to add").says("0 to destroy");
    other.apply().ok();
    other.plan_is_empty();
    let third = Project::new(&cloud);
    third.main(block);
    let written = ["plan", "-no-color", "-input=false", "-generate-config-out=generated.tf"];
    short(third.run(&written).ok()).says("1 to import, 0 to add, 0 to change");
    let written = fs::read_to_string(third.path("generated.tf")).expect("Terraform wrote it");
    assert!(written.lines().count() < MOST, "{written}");
    third.apply().ok().says("1 imported, 0 added, 0 changed");
    third.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
}

/// An output that rests on a queue: known while the queue is changed in place, open when it is replaced. The second planning agrees, also that
/// of a saved plan.
#[test]
fn outputs_are_known_while_nothing_they_rest_on_is_replaced() {
    let (cloud, project) = queues();
    let named = |name: &str| {
        QUEUES.replace(
            "Properties: {MaximumMessageSize: !Ref Size}}\n  Second",
            &format!(
                "Properties: {{QueueName: {name}, MaximumMessageSize: !Ref Size}}}}\n  Second"
            ),
        )
    };
    project.write("template.yaml", &named("one"));
    project.main(&free(""));
    project.apply().ok();
    let url = project.attribute(THIS, "outputs")["Url"].clone();
    project.main(&free("  parameters = { Size = 2048 }"));
    let change = project.plan_json()["resource_changes"][0]["change"].clone();
    assert_eq!(change["after"]["outputs"], json!({"Url": url, "Size": "2048"}));
    project.run(&["apply", "-no-color", "plan.bin"]).ok();
    project.plan_is_empty();

    project.write("template.yaml", &named("two"));
    let change = project.plan_json()["resource_changes"][0]["change"].clone();
    assert_eq!(change["after_unknown"]["outputs"]["Url"], json!(true), "{change}");
    project.run(&["apply", "-no-color", "plan.bin"]).ok();
    project.plan_is_empty();
    assert_ne!(project.attribute(THIS, "outputs")["Url"], url);
    assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_COMPLETE");
}
