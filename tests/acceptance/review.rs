//! What people stumble over: null values, kept values, operations left half done, messages that mislead.

use serde_json::json;

use super::terraform::Project;
use super::{BROKEN, QUEUES, free, queues, stack, writes};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_stack.this";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:news";

#[test]
fn null_elements_are_no_change() {
    let (cloud, project) = queues();
    project
        .main(&free("  parameters = { Size = null }\n  tags = { none = null, team = \"data\" }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "parameters"), json!({"Size": null}));
    let calls = cloud.calls_of("CreateStack");
    assert_eq!(calls[0].sent("Parameters.Size"), None);
}

#[test]
fn topics_alone_are_an_update() {
    let (cloud, project) = queues();
    project.main(&free(&format!("  notification_arns = [\"{TOPIC}\"]")));
    project.apply().ok();
    project.main(&free(&format!("  notification_arns = [\"{TOPIC}\", \"{TOPIC}-2\"]")));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&free(""));
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("queues").expect("it is there").topics.is_empty());
}

#[test]
fn a_failed_update_that_was_left_as_it_is_is_tried_again() {
    let (cloud, project) = queues();
    project.main(&free("  disable_rollback = true"));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    let larger = "  parameters = { Size = 2048 }";
    project.main(&free(&format!("  disable_rollback = true\n{larger}")));
    project.apply().failed().says("UPDATE_FAILED");
    cloud.let_go();
    project.main(&free(larger));
    project
        .plan()
        .failed()
        .says("UPDATE_FAILED")
        .says("disable_rollback = true")
        .says("rollback-stack");
    project.main(&free(&format!("  disable_rollback = true\n{larger}")));
    project.apply().ok().says("is not up to date");
    assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_COMPLETE");
    project.plan_is_empty();
}

#[test]
fn a_kept_value_must_fit_a_changed_declaration() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    project.write(
        "template.yaml",
        &QUEUES
            .replace("MinValue: 1024", "MinValue: 4096")
            .replace("Default: 1024", "Default: 4096"),
    );
    project.main(&free(""));
    let before = writes(&cloud);
    project.plan().failed().says("`2048` does not fit the parameter `Size`").says("keeps it");
    assert_eq!(writes(&cloud), before);
}

#[test]
fn a_deletion_that_took_too_long_is_not_followed_by_an_apply() {
    let (cloud, project) = queues();
    project.main(&free("  timeouts {\n    delete = \"1s\"\n  }"));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("delete").hold(60.0));
    let outcome = project
        .destroy()
        .failed()
        .says("was not deleted in time")
        .says("Run the same command again");
    assert!(!outcome.text.contains("terraform apply"), "{}", outcome.text);
    cloud.let_go();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn a_protected_stack_is_not_planned_to_be_replaced() {
    let (cloud, project) = queues();
    project.main(&stack("  template_file = \"template.yaml\""));
    project.apply().ok();
    project.main(&stack("  template_file = \"template.yaml\"").replace("\"queues\"", "\"others\""));
    project.plan().failed().says("Termination protection is on for the stack queues");
    assert!(cloud.stack("queues").is_some());
}

#[test]
fn a_null_range_is_refused() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main("resource \"quilt_network\" \"this\" {\n  name = \"quilt-prod\"\n  ingress_cidrs = [null]\n}\n");
    project.plan().failed().says("ingress_cidrs").says("One of them is null");
}

#[test]
fn what_is_not_known_yet_is_left_open() {
    let (cloud, project) = queues();
    let unknown = "resource \"terraform_data\" \"late\" {\n  input = { region = \"eu-west-1\", none = null }\n}\n";
    let network = "resource \"quilt_network\" \"this\" {\n  name = \"quilt-prod\"\n  region = terraform_data.late.output.region\n}\n";
    let arguments = free(
        "  region = terraform_data.late.output.region\n  template_body = terraform_data.late.output.none",
    );
    project.main(&format!("{unknown}{network}{arguments}"));
    project.run(&["validate", "-no-color"]).ok();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.calls_of("CreateStack").len(), 2);
    for address in ["quilt_network.this", THIS] {
        assert_eq!(project.attribute(address, "region"), "eu-west-1");
    }
}

#[test]
fn a_tag_that_is_given_is_not_left_alone() {
    let (cloud, project) = queues();
    project.provider("provider \"quilt\" {\n  ignore_tags {\n    keys = [\"cost\"]\n  }\n}\n");
    project.main(&free("  tags = { cost = \"low\" }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").tags["cost"], "low");
}
