//! A stack's life: made, changed, tagged, imported, protected, gone.

use serde_json::json;

use super::THIS;
use crate::acceptance::terraform::Project;
use crate::acceptance::{QUEUES, free, queues, stack, writes};

#[test]
fn a_stack_lives_a_whole_life() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    let made = cloud.stack("queues").expect("it was made");
    assert_eq!(
        (made.status.as_str(), made.parameters["Size"].as_str()),
        ("CREATE_COMPLETE", "2048")
    );
    assert_eq!(
        (project.attribute(THIS, "id"), project.attribute(THIS, "status")),
        (json!(made.id), json!("CREATE_COMPLETE"))
    );
    assert_eq!(project.attribute(THIS, "outputs"), json!(made.outputs));

    project.main(&free("  parameters = { Size = 4096 }"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "4096");
    assert_eq!(project.attribute(THIS, "outputs")["Size"], "4096");

    project.destroy().ok().says("1 destroyed");
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
    project.nothing_is_left_running();
}

#[test]
fn tags_alone_leave_the_outputs_known() {
    let (cloud, project) = queues();
    project.main(&free("  tags = { team = \"data\" }"));
    project.apply().ok();
    project.main(&free("  tags = { team = \"web\", env = \"prod\" }"));
    let change = project.plan_json()["resource_changes"][0]["change"].clone();
    assert_eq!(change["actions"], json!(["update"]));
    assert!(
        change["after_unknown"].get("outputs").is_none_or(|unknown| unknown == &json!({})),
        "{change}"
    );
    assert_eq!(
        change["after"]["outputs"],
        json!(cloud.stack("queues").expect("it is there").outputs)
    );
    project.apply().ok();
    project.plan_is_empty();
    let tags = cloud.stack("queues").expect("it is there").tags;
    assert_eq!(json!(tags), json!({"team": "web", "env": "prod"}));
}

#[test]
fn an_import_by_name_plans_nothing() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }\n  tags = { team = \"data\" }"));
    project.apply().ok();
    let other = project.again(&cloud);
    let body = "  template_body = file(\"template.yaml\")\n  enable_termination_protection = false";
    other.main(&stack(&format!(
        "{body}\n  parameters = {{ Size = 2048 }}\n  tags = {{ team = \"data\" }}"
    )));
    cloud.forget();
    other.import(THIS, "queues").ok();
    assert_eq!(
        other.attribute(THIS, "template_body"),
        json!(null),
        "the configuration's text alone"
    );
    other.apply().ok().says("0 added, 1 changed");
    other.plan_is_empty();
    // Without a source it keeps what it has; a parameter changes alone.
    other.main(&stack(
        "  enable_termination_protection = false\n  parameters = { Size = 2048 }\n  tags = { team = \"data\" }",
    ));
    other.apply().ok();
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    other.main(&stack(
        "  enable_termination_protection = false\n  parameters = { Size = 4096 }\n  tags = { team = \"data\" }",
    ));
    other.apply().ok().says("1 changed");
    other.plan_is_empty();
    assert_eq!(cloud.calls_of("CreateChangeSet")[0].sent("UsePreviousTemplate"), Some("true"));
}

#[test]
fn an_import_by_arn_writes_nothing() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    let other = project.again(&cloud);
    let id = cloud.stack("queues").expect("it was made").id;
    cloud.forget();
    other.import(THIS, &id).ok();
    other.apply().ok();
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    assert_eq!(other.attribute(THIS, "id"), json!(id));
    other.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

/// Terraform writes the configuration of what it imports; that changes nothing either.
#[test]
fn an_import_with_a_configuration_that_terraform_writes() {
    let (cloud, project) = queues();
    let quilt = QUEUES.replace(
        "Parameters:\n",
        "Parameters:\n  QuiltWebHost: {Type: String}\n  AdminEmail: {Type: String, Default: ''}\n",
    );
    project.write("template.yaml", &quilt);
    project.main(&free("  web_host = \"quilt.example.com\"\n  parameters = { Size = 2048 }\n  tags = { team = \"data\" }"));
    project.apply().ok();
    let other = Project::new(&cloud);
    other.main("import {\n  to = quilt_stack.this\n  id = \"queues\"\n}\n");
    cloud.forget();
    other
        .run(&["plan", "-no-color", "-input=false", "-generate-config-out=generated.tf"])
        .ok()
        .says("1 to import, 0 to add, 0 to change");
    let written = std::fs::read_to_string(other.path("generated.tf")).expect("Terraform wrote it");
    assert!(
        written.contains("resource \"quilt_stack\" \"this\"")
            && written.contains("quilt.example.com")
            && !written.contains("AWS::SQS::Queue"),
        "{written}"
    );
    assert!(written.lines().count() < 100, "{written}");
    other.apply().ok().says("1 imported, 0 added, 0 changed");
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn an_import_of_nothing_says_so() {
    let (_cloud, project) = queues();
    project.main(&free(""));
    project.import(THIS, "nothing").failed().says("There is no stack nothing in us-east-1.");
}

#[test]
fn a_protected_stack_is_not_destroyed() {
    let (cloud, project) = queues();
    project.main(&stack("  template_file = \"template.yaml\""));
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("queues").expect("it was made").protected);
    cloud.forget();
    let outcome =
        project.destroy().failed().says("Termination protection is on for the stack queues");
    outcome
        .says("1. Set `enable_termination_protection = false` and run `terraform apply`")
        .says("2. Delete or replace it again.");
    assert_eq!(writes(&cloud), [""; 0]);
    assert!(!project.instance(THIS).is_null());

    project.main(&free(""));
    project.apply().ok();
    project.plan_is_empty();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn destroying_needs_no_template() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    std::fs::remove_file(project.path("template.yaml")).unwrap();
    assert_eq!(project.plan().says("The stack keeps the template it has.").code, 0);
    project.main(&free("").replace("template.yaml", "elsewhere.yaml"));
    project.plan().failed().says("The template file elsewhere.yaml cannot be read");
    project.main(&free(""));
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn nothing_to_do_is_one_call_and_no_write() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }\n  tags = { team = \"data\" }"));
    project.apply().ok();
    cloud.forget();
    project.plan_is_empty();
    let calls: Vec<_> = cloud
        .calls()
        .into_iter()
        .filter(|call| call.service == "cloudformation")
        .map(|call| call.action)
        .collect();
    assert_eq!(calls, ["DescribeStacks"]);
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_new_name_is_a_new_stack() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    project.main(&free("").replace("\"queues\"", "\"others\""));
    project.plan().says("forces replacement");
    project.apply().ok();
    assert!(cloud.stack("queues").is_none() && cloud.stack("others").is_some());
    project.plan_is_empty();
}
