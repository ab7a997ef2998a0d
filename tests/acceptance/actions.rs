//! Actions as people use them: invoked by hand and by triggers, with lines while they last, stopped and invoked again. By each client that knows them.

use std::time::Duration;

use super::clients::{ACTIONS, Client, able, by_each};
use super::command::Outcome;
use super::snapshot::{OLD, snapshots};
use super::terraform::{APPLY, Project};
use super::{BROKEN, QUEUES, free, until_held, writes};
use crate::cloud::{Cloud, Rule};

/// How soon the terminal must be back.
const SOON: Duration = Duration::from_secs(1);

/// `action.TYPE.this` with these arguments.
pub fn action(name: &str, arguments: &str) -> String {
    format!("action \"{name}\" \"this\" {{\n  config {{\n{arguments}\n  }}\n}}\n")
}

/// The words that invoke it.
fn words(name: &str) -> Vec<String> {
    let mut words = APPLY.map(str::to_owned).to_vec();
    words.push(format!("-invoke=action.{name}.this"));
    words
}

fn invoke(project: &Project, name: &str) -> Outcome {
    let words = words(name);
    project.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The lines of progress.
fn lines(outcome: &Outcome, name: &str) -> Vec<String> {
    let begin = format!("Action action.{name}.this");
    let lines = outcome.text.lines().filter(|line| line.starts_with(&begin));
    lines.map(str::to_owned).collect()
}

/// A stack whose update failed, and its rollback at `First`.
fn stuck(client: &Client) -> (Cloud, Project) {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    let project = Project::by(&cloud, client);
    project.write("template.yaml", QUEUES);
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    cloud.hold(Rule::stack("queues").resource("First").on("rollback").fail(BROKEN));
    cloud.update_stack("queues", QUEUES, &[("Size", "4096")]).expect("the template is right");
    cloud.settled("queues");
    assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_ROLLBACK_FAILED");
    project.main(&action("quilt_continue_rollback", "    stack_name = \"queues\""));
    cloud.let_go();
    cloud.forget();
    (cloud, project)
}

#[test]
fn a_rollback_goes_on_with_lines_while_it_lasts() {
    for client in able(ACTIONS, "actions: a rollback that goes on") {
        let (cloud, project) = stuck(&client);
        cloud.hold(Rule::stack("queues").resource("First").on("rollback").hold(12.0));
        let outcome = invoke(&project, "quilt_continue_rollback").ok();
        let lines = lines(&outcome, "quilt_continue_rollback");
        let says = |words: &str| lines.iter().any(|line| line.contains(words));
        assert!(
            says("the stack is being rolled back (UPDATE_ROLLBACK_IN_PROGRESS) (0 s)")
                && says(": 1 of 2 resources, now First (1")
                && says("Stack queues is rolled back (UPDATE_ROLLBACK_COMPLETE) (1"),
            "{}",
            outcome.text
        );
        assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_ROLLBACK_COMPLETE");
        invoke(&project, "quilt_continue_rollback").ok().says("is not stuck");
        assert_eq!(writes(&cloud), ["ContinueUpdateRollback"]);
        assert!(project.state()["resources"].as_array().is_none_or(Vec::is_empty));
    }
}

#[test]
fn ctrl_c_ends_the_waiting_and_the_next_invocation_waits_for_the_end() {
    for client in able(ACTIONS, "actions: Ctrl-C") {
        let (cloud, project) = stuck(&client);
        cloud.hold(Rule::stack("queues").resource("First").on("rollback").hold(600.0));
        let words = words("quilt_continue_rollback");
        let running = project.start(&words.iter().map(String::as_str).collect::<Vec<_>>());
        until_held(&cloud, &running, "queues", "First", "update");
        let (outcome, time) = running.interrupt();
        let outcome = outcome.failed();
        let told = outcome.says("The rollback of queues was not finished: stopped");
        assert!(time < SOON, "the terminal was back after {time:?}:\n{}", told.text);
        project.nothing_is_left_running();
        cloud.let_go();
        invoke(&project, "quilt_continue_rollback").ok();
        assert_eq!(writes(&cloud), ["ContinueUpdateRollback"]);
        assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_ROLLBACK_COMPLETE");
    }
}

#[test]
fn a_snapshot_is_taken_by_hand_and_named_once() {
    for client in able(ACTIONS, "actions: a snapshot") {
        let cloud = Cloud::start();
        cloud.create_stack("old", OLD, &[]).expect("the template is right");
        cloud.settled("old");
        let project = Project::by(&cloud, &client);
        project.main(&action("quilt_take_snapshot", "    stack_name = \"old\""));
        invoke(&project, "quilt_take_snapshot").ok().says("is available");
        assert_eq!(snapshots(&cloud).len(), 1);
        let named = "    stack_name = \"old\"\n    snapshot_identifier = \"before-2\"";
        project.main(&action("quilt_take_snapshot", named));
        for _ in 0..2 {
            invoke(&project, "quilt_take_snapshot").ok().says("Snapshot before-2 of ");
        }
        assert_eq!(snapshots(&cloud).len(), 2);
        project.main(&action("quilt_take_snapshot", "    stack_name = \"nope\""));
        let refused = invoke(&project, "quilt_take_snapshot").failed();
        let refused = refused.says("There is no stack nope in us-east-1");
        // Before 1.16 Terraform does not say where an action stands that is invoked by hand.
        if client.version >= (1, 16) {
            refused.says("on main.tf line 3, in");
        }
    }
}

/// Something else makes the messages of `First` larger.
fn drift(cloud: &Cloud) {
    let url = cloud.resources("queues")["First"].physical_id.clone();
    let given =
        serde_json::json!({ "QueueUrl": url, "Attributes": { "MaximumMessageSize": "8192" } });
    cloud.json("sqs", "AmazonSQS.SetQueueAttributes", &given);
}

#[test]
fn drift_is_told_and_stops_an_update_that_asks_for_that() {
    for client in able(ACTIONS, "actions: drift, and a trigger") {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, &client);
        project.write("template.yaml", QUEUES);
        let main = |size: u32, strict: bool| {
            let arguments = format!("    stack_name = \"queues\"\n    fail_on_drift = {strict}");
            let trigger = "  lifecycle {\n    action_trigger {\n      events = [before_update]\n      \
                           actions = [action.quilt_detect_drift.this]\n    }\n  }";
            let stack = free(&format!("  parameters = {{ Size = {size} }}\n{trigger}"));
            format!("{}{stack}", action("quilt_detect_drift", &arguments))
        };
        project.main(&main(1024, true));
        project.apply().ok();
        project.plan_is_empty();
        invoke(&project, "quilt_detect_drift").ok().says("Stack queues is as its template says");
        drift(&cloud);
        let failed = invoke(&project, "quilt_detect_drift").failed();
        failed.says("First (AWS::SQS::Queue").says("/MaximumMessageSize");
        project.main(&main(2048, true));
        project.apply().failed().says("Stack queues has drifted").says("fail_on_drift = true");
        assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "1024");
        project.main(&main(2048, false));
        project.apply().ok().says("Stack queues has drifted: 1 resource");
        assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "2048");
        project.plan_is_empty();
    }
}

/// A bucket that goes with the stack, and one that the template retains.
const BUCKETS: &str = "Resources:\n  Data: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}\n  Kept: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}\n";

#[test]
fn buckets_are_emptied_by_name_and_no_others() {
    by_each(ACTIONS, "actions: buckets", |client| {
        let cloud = Cloud::start();
        cloud.create_stack("queues", BUCKETS, &[]).expect("the template is right");
        cloud.settled("queues");
        let [data, kept] =
            ["Data", "Kept"].map(|name| cloud.resources("queues")[name].physical_id.clone());
        let other = cloud.bucket("other");
        for bucket in [&data, &data, &kept, &other] {
            cloud.s3("PUT", &format!("/{bucket}/key"), &[], b"text").expect("it is stored");
        }
        cloud.s3("DELETE", &format!("/{data}/key"), &[], b"").expect("it is marked as deleted");
        let project = Project::by(&cloud, client);
        let main = |buckets: &[&String]| {
            let arguments = format!("    stack_name = \"queues\"\n    buckets = {buckets:?}");
            project.main(&action("quilt_empty_buckets", &arguments));
        };
        for refused in [&kept, &other] {
            main(&[&data, refused]);
            invoke(&project, "quilt_empty_buckets").failed().says("nothing was emptied");
        }
        assert_eq!(cloud.calls_of("DeleteObjects").len(), 0);
        main(&[&data]);
        let told = invoke(&project, "quilt_empty_buckets").ok().says("Every object in");
        told.says("3 objects and versions were deleted");
        for bucket in [&kept, &other] {
            assert!(cloud.s3("GET", &format!("/{bucket}/key"), &[], b"").is_ok(), "{bucket}");
        }
        cloud.delete_stack("queues").expect("nothing is in the way");
    });
}

#[test]
fn a_stack_is_waited_for_until_it_is_well() {
    by_each(ACTIONS, "actions: a healthy stack", |client| {
        let cloud = Cloud::start();
        cloud.create_stack("old", OLD, &[]).expect("the template is right");
        cloud.settled("old");
        let project = Project::by(&cloud, client);
        project.main(&action("quilt_wait_healthy", "    stack_name = \"old\""));
        invoke(&project, "quilt_wait_healthy").ok().says("are well (1 looked at)");
        assert_eq!(writes(&cloud).len(), 1, "the stack's own creation");
    });
}
