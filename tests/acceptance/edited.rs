//! What people do between an interruption and the next run: they edit the configuration, or destroy. A running operation is waited for first.

use super::command::Running;
use super::terraform::{APPLY, Project};
use super::{free, queues, until_held, writes};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_stack.this";

fn size(size: u32) -> String {
    free(&format!("  parameters = {{ Size = {size} }}"))
}

/// An apply whose second queue is held for so many seconds.
fn held(cloud: &Cloud, project: &Project, verb: &str, seconds: f64) -> (Running, String) {
    cloud.hold(Rule::stack("queues").resource("Second").on(verb).hold(seconds).times(1));
    let running = project.start(&APPLY);
    let id = until_held(cloud, &running, "queues", "Second", verb);
    (running, id)
}

fn killed(running: Running) {
    running.send("KILL", true);
    running.wait();
}

/// The stack is the one that was begun, of this size, and there is nothing to do.
fn is_so(cloud: &Cloud, project: &Project, id: &str, size: &str) {
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!((stack.id.as_str(), stack.parameters["Size"].as_str()), (id, size));
}

#[test]
fn after_a_killed_creation_the_edit_is_an_update() {
    let (cloud, project) = queues();
    project.main(&size(2048));
    let (running, id) = held(&cloud, &project, "create", 4.0);
    killed(running);
    project.main(&size(4096));
    project.apply().ok().says("adopts it");
    is_so(&cloud, &project, &id, "4096");
}

#[test]
fn after_a_stopped_creation_the_edit_waits_and_is_an_update() {
    let (cloud, project) = queues();
    project.main(&size(2048));
    let (running, id) = held(&cloud, &project, "create", 5.0);
    running.interrupt().0.failed();
    project.main(&size(4096));
    project
        .plan()
        .says("resumes")
        .says("will be updated in-place")
        .does_not_say("must be replaced");
    project.apply().ok();
    is_so(&cloud, &project, &id, "4096");
}

/// A stack whose update is killed while CloudFormation goes on with it for so many seconds; its ARN.
fn killed_update(cloud: &Cloud, project: &Project, seconds: f64) -> String {
    project.main(&size(1024));
    project.apply().ok();
    project.main(&size(2048));
    let (running, id) = held(cloud, project, "update", seconds);
    killed(running);
    id
}

#[test]
fn after_a_killed_update_the_edit_waits_and_is_a_second_one() {
    let (cloud, project) = queues();
    let id = killed_update(&cloud, &project, 5.0);
    project.main(&size(4096));
    project.plan().says("resumes").says("will be updated in-place");
    project.apply().ok();
    is_so(&cloud, &project, &id, "4096");
    let updates = cloud
        .events(&id)
        .iter()
        .filter(|event| event.resource == "queues" && event.status == "UPDATE_IN_PROGRESS")
        .count();
    assert_eq!(updates, 2);
}

#[test]
fn after_a_killed_update_that_is_taken_back_nothing_is_left_of_it() {
    let (cloud, project) = queues();
    let id = killed_update(&cloud, &project, 4.0);
    project.main(&size(1024));
    project.apply().ok();
    is_so(&cloud, &project, &id, "1024");
}

#[test]
fn a_destroy_after_a_killed_update_waits_for_its_end() {
    let (cloud, project) = queues();
    let id = killed_update(&cloud, &project, 4.0);
    cloud.forget();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
    assert_eq!(writes(&cloud), ["DeleteStack"]);
    assert!(
        cloud
            .events(&id)
            .iter()
            .any(|event| event.resource == "queues" && event.status == "UPDATE_COMPLETE")
    );
}

#[test]
fn a_destroy_after_a_stopped_creation_calls_it_off() {
    let (cloud, project) = queues();
    project.main(&size(1024));
    let (running, _) = held(&cloud, &project, "create", 600.0);
    running.interrupt().0.failed();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
}

#[test]
fn somebody_deletes_it_in_the_middle_of_an_update() {
    let (cloud, project) = queues();
    project.main(&size(1024));
    project.apply().ok();
    project.main(&size(2048));
    let (running, id) = held(&cloud, &project, "update", 600.0);
    cloud
        .query("cloudformation", "CancelUpdateStack", &[("StackName", "queues")])
        .expect("it is under way");
    cloud.until("queues", |stack| stack.status == "UPDATE_ROLLBACK_COMPLETE");
    cloud
        .query("cloudformation", "DeleteStack", &[("StackName", "queues")])
        .expect("it is not protected");
    running.wait().failed().says("Stack queues was not updated");
    project.apply().ok();
    project.plan_is_empty();
    assert_ne!(cloud.stack("queues").expect("it was made anew").id, id);
}

#[test]
fn somebody_deletes_it_before_we_do() {
    let (cloud, project) = queues();
    project.main(&size(1024));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("delete").hold(3.0).times(1));
    cloud
        .query("cloudformation", "DeleteStack", &[("StackName", "queues")])
        .expect("it is not protected");
    cloud.forget();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
    assert!(writes(&cloud).is_empty(), "the deletion that goes on is waited for");
}
