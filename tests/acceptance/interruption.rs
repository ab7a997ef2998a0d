//! Terraform stopped in the middle: Ctrl-C, kill -9, a limit that is over. The next apply finds the operation and ends it.

use std::time::Duration;

use serde_json::json;

use super::command::Running;
use super::terraform::{APPLY, DESTROY, Project};
use super::{free, queues, stack, until_held};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_stack.this";

/// How soon the terminal must be back.
const SOON: Duration = Duration::from_secs(1);

/// Starts a command and returns once the cloud holds the second queue; with the stack's id.
fn held(cloud: &Cloud, project: &Project, verb: &str, arguments: &[&str]) -> (Running, String) {
    cloud.hold(Rule::stack("queues").resource("Second").on(verb).hold(600.0));
    let running = project.start(arguments);
    let id = until_held(cloud, &running, "queues", "Second", verb);
    (running, id)
}

/// How many calls of an action AWS accepted.
fn accepted(cloud: &Cloud, action: &str) -> usize {
    cloud.calls_of(action).iter().filter(|call| call.status == Some(200)).count()
}

/// After an interrupted creation: the next apply ends it, nothing is made twice or replaced.
fn the_next_apply_adopts(cloud: &Cloud, project: &Project, id: &str) {
    cloud.let_go();
    project.apply().ok().does_not_say("destroyed and then created");
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "id"), json!(id));
    let made = cloud.stack("queues").expect("it was made");
    assert_eq!((made.id.as_str(), made.status.as_str()), (id, "CREATE_COMPLETE"));
    let creations = cloud.calls_of("CreateStack");
    let accepted = creations
        .iter()
        .filter(|call| call.status == Some(200) && call.sent("StackName") == Some("queues"));
    assert_eq!(accepted.count(), 1);
    assert!(cloud.calls_of("DeleteStack").is_empty());
}

#[test]
fn ctrl_c_in_a_creation() {
    let (cloud, project) = queues();
    let after = free("  parameters = { Size = quilt_stack.this.outputs[\"Size\"] }")
        .replace("\"queues\"", "\"after\"")
        .replace("this\" {", "after\" {");
    project.main(&format!("{}{after}", stack("  template_file = \"template.yaml\"")));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    let (outcome, time) = running.interrupt();
    let outcome =
        outcome.failed().says("Stack queues is not finished").says("Run `terraform apply` again");
    assert!(time < SOON, "the terminal was back after {time:?}:\n{}", outcome.text);
    assert_eq!(
        (&project.instance(THIS)["status"], project.attribute(THIS, "id")),
        (&json!(null), json!(id))
    );
    assert!(
        project.instance("quilt_stack.after").is_null() && cloud.stack("after").is_none(),
        "nothing is built on what is not finished"
    );
    project.nothing_is_left_running();
    the_next_apply_adopts(&cloud, &project, &id);
    assert!(cloud.stack("queues").expect("it is there").protected, "protected once it is complete");
    assert_eq!(cloud.stack("after").expect("it was made").parameters["Size"], "1024");
}

#[test]
fn terraform_killed_in_a_creation() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    running.send("KILL", false);
    running.wait();
    project.nothing_is_left_running();
    assert!(project.instance(THIS).is_null());
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn the_provider_killed_in_a_creation() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    running.kill(&project.processes());
    running.wait().failed();
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn both_killed_in_a_creation_that_ends_alone() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    running.send("KILL", true);
    running.wait();
    cloud.let_go();
    cloud.settled("queues");
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn a_killed_creation_that_failed_is_made_anew() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    running.send("KILL", true);
    running.wait();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(super::BROKEN).times(1));
    cloud
        .query("cloudformation", "DeleteStack", &[("StackName", "queues")])
        .expect("a creation may be called off");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_ne!(project.attribute(THIS, "id"), json!(id));
}

#[test]
fn nobody_else_adopts_a_creation() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    running.send("KILL", true);
    running.wait();
    cloud.let_go();
    project.again(&cloud).apply().failed().says("A stack named queues exists already").says(&id);
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn a_creation_whose_time_is_over() {
    let (cloud, project) = queues();
    project.main(&free("  timeouts {\n    create = \"3s\"\n  }"));
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(600.0));
    project
        .apply()
        .failed()
        .says("Stack queues was not created in time")
        .says("The operation goes on in AWS");
    let id = cloud.stack("queues").expect("it goes on").id;
    assert!(project.instance(THIS).is_null(), "with a state, dependants would be built on nothing");
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn ctrl_c_in_an_update() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    let before = project.instance(THIS);
    project.main(&free("  parameters = { Size = 4096 }"));
    let (running, id) = held(&cloud, &project, "update", &APPLY);
    let (outcome, time) = running.interrupt();
    let outcome = outcome
        .failed()
        .says("Stack queues was not updated: stopped")
        .says("Run `terraform apply` again");
    assert!(time < SOON, "the terminal was back after {time:?}:\n{}", outcome.text);
    assert_eq!(project.instance(THIS)["attributes"], before["attributes"]);
    assert!(project.instance(THIS)["status"].is_null(), "not tainted");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!((stack.id, stack.parameters["Size"].as_str()), (id, "4096"));
    assert_eq!(
        (accepted(&cloud, "ExecuteChangeSet"), project.attribute(THIS, "status")),
        (1, json!("UPDATE_COMPLETE"))
    );
}

#[test]
fn an_interrupted_update_that_fails_is_tried_again() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("update").hold(4.0).fail(super::BROKEN));
    project.main(&free("  parameters = { Size = 4096 }"));
    let (running, _) = held(&cloud, &project, "update", &APPLY);
    running.interrupt().0.failed();
    assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_COMPLETE");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "4096");
}

#[test]
fn terraform_killed_in_an_update() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    project.main(&free("  parameters = { Size = 4096 }"));
    let (running, id) = held(&cloud, &project, "update", &APPLY);
    running.send("KILL", true);
    running.wait();
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!(
        (stack.id, stack.parameters["Size"].as_str(), accepted(&cloud, "ExecuteChangeSet")),
        (id, "4096", 1)
    );
}

#[test]
fn terraform_killed_in_a_deletion() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let (running, _) = held(&cloud, &project, "delete", &DESTROY);
    running.send("KILL", true);
    running.wait();
    assert!(!project.instance(THIS).is_null());
    cloud.let_go();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
}

#[test]
fn an_interrupted_deletion_ends_before_the_next_creation() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let (running, id) = held(&cloud, &project, "delete", &DESTROY);
    running.interrupt().0.failed();
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_ne!(project.attribute(THIS, "id"), json!(id));
}

#[test]
fn two_interrupts_lose_nothing() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let (running, id) = held(&cloud, &project, "create", &APPLY);
    running.send("INT", true);
    running.interrupt();
    assert_ne!(project.instance(THIS)["status"], json!("tainted"));
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn ctrl_c_in_a_deletion() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let (running, id) = held(&cloud, &project, "delete", &DESTROY);
    let (outcome, time) = running.interrupt();
    let outcome = outcome.failed().says("Stack queues was not deleted: stopped");
    assert!(time < SOON, "the terminal was back after {time:?}:\n{}", outcome.text);
    assert_eq!(project.attribute(THIS, "id"), json!(id));
    cloud.let_go();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
    project.nothing_is_left_running();
}
