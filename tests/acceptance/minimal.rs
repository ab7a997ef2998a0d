//! `-minimal-refresh`: what is planned from the state first. Interrupted operations, planned so, after a look, and from the state alone.

use serde_json::json;

use super::clients::{Client, HANDS_ON, MINIMAL, able, by_each};
use super::command::Outcome;
use super::terraform::{APPLY, DESTROY, Project};
use super::{BROKEN, QUEUES, free, until_held, writes};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_stack.this";

/// How Terraform plans, as it is told to.
const WAYS: [&[&str]; 3] = [&[], &["-minimal-refresh"], &["-refresh=false"]];

/// A stack with queues of this size.
fn sized(size: u32) -> String {
    free(&format!("  parameters = {{ Size = {size} }}"))
}

fn scene(client: &Client) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::by(&cloud, client);
    project.write("template.yaml", QUEUES);
    project.main(&sized(1024));
    (cloud, project)
}

fn apply(project: &Project, way: &[&str]) -> Outcome {
    project.run(&[&APPLY[..], way].concat())
}

/// A command that is stopped while the cloud holds the second queue; then nothing is held any more. With the stack's id.
fn stopped(cloud: &Cloud, project: &Project, verb: &str, command: &[&str]) -> String {
    cloud.hold(Rule::stack("queues").resource("Second").on(verb).hold(600.0));
    let running = project.start(command);
    let id = until_held(cloud, &running, "queues", "Second", verb);
    running.interrupt();
    project.nothing_is_left_running();
    id
}

/// As the configuration says, in AWS too, and nothing is left to be done.
#[track_caller]
fn is_so(cloud: &Cloud, project: &Project, size: &str, when: &str) -> String {
    project.plan_is_empty();
    let stack = cloud.stack("queues").unwrap_or_else(|| panic!("{when}: it is gone"));
    assert_eq!(stack.parameters["Size"], size, "{when}");
    assert_eq!(project.attribute(THIS, "id"), json!(stack.id), "{when}");
    stack.id
}

#[test]
fn what_stays_is_not_looked_at_and_what_changes_is_planned_twice() {
    by_each(MINIMAL, "minimal refresh: a stack's life", |client| {
        let (cloud, project) = scene(client);
        apply(&project, WAYS[1]).ok();
        cloud.forget();
        project.run(&["plan", "-no-color", "-minimal-refresh", "-detailed-exitcode"]).ok();
        assert_eq!((writes(&cloud).len(), cloud.calls_of("DescribeStacks").len()), (0, 0));
        project.main(&sized(2048));
        let planned = project.run(&["plan", "-no-color", "-minimal-refresh", "-out=plan.bin"]);
        planned.ok().says("1 to change");
        project.run(&["apply", "-no-color", "plan.bin"]).ok();
        let id = is_so(&cloud, &project, "2048", "updated");
        // Another name: what is there is replaced.
        project.main(&sized(2048).replace("\"queues\"", "\"others\""));
        apply(&project, WAYS[1]).ok();
        project.plan_is_empty();
        assert!(cloud.stack("queues").is_none());
        assert_ne!(project.attribute(THIS, "id"), json!(id));
        // Two blocks still cannot hold one stack.
        let other = project.again(&cloud);
        other.main(&format!("{}{}", sized(2048), sized(4096).replace("this", "other")));
        apply(&other, WAYS[1]).failed().says("queues");
        project.run(&[&DESTROY[..], WAYS[1]].concat()).ok();
    });
}

/// The plan that Terraform throws away costs no change set, and what is known of the other one is what a refresh would have shown.
#[test]
fn the_first_of_two_plans_makes_no_change_set() {
    for client in able(MINIMAL, "minimal refresh: change sets") {
        let (cloud, project) = scene(&client);
        project.apply().ok();
        project.main(&sized(2048));
        let planned = |way: &[&str]| {
            cloud.forget();
            let words = ["plan", "-no-color", "-input=false", "-out=plan.bin"];
            let said = project.run(&[&words[..], way].concat()).ok();
            let sets = cloud.calls_of("CreateChangeSet").len();
            let plan = project.show(&["show", "-json", "plan.bin"]);
            let open = plan["resource_changes"][0]["change"]["after_unknown"]["outputs"].clone();
            (sets, open, said.text.contains("Stack queues: 2 changed"))
        };
        assert_eq!(planned(WAYS[0]), (1, json!({}), true), "with a refresh");
        assert_eq!(planned(WAYS[1]), (1, json!({}), true), "with a minimal one");
        project.run(&["apply", "-no-color", "plan.bin"]).ok();
        is_so(&cloud, &project, "2048", "by the saved plan");
    }
}

/// A plan from the state alone compares nothing, and leaves open what that would decide: its apply makes it known.
#[test]
fn a_plan_without_a_refresh_makes_no_change_set() {
    for client in able(HANDS_ON, "without a refresh: change sets") {
        let (cloud, project) = scene(&client);
        project.apply().ok();
        project.main(&sized(2048));
        cloud.forget();
        let words = ["plan", "-no-color", "-input=false", "-out=plan.bin", "-refresh=false"];
        project.run(&words).ok().says("1 to change");
        assert_eq!(cloud.calls_of("CreateChangeSet").len(), 0);
        let plan = project.show(&["show", "-json", "plan.bin"]);
        let open = &plan["resource_changes"][0]["change"]["after_unknown"]["outputs"];
        assert_eq!(*open, json!({ "Url": true }));
        project.run(&["apply", "-no-color", "plan.bin"]).ok();
        assert_eq!(cloud.calls_of("CreateChangeSet").len(), 1);
        is_so(&cloud, &project, "2048", "by the saved plan");
    }
}

#[test]
fn what_went_behind_terraforms_back_is_made_anew() {
    for client in able(MINIMAL, "minimal refresh: gone outside") {
        let (cloud, project) = scene(&client);
        project.apply().ok();
        cloud.delete_stack("queues").expect("it is not protected");
        project.main(&sized(2048));
        apply(&project, WAYS[1]).ok().says("1 added");
        is_so(&cloud, &project, "2048", "made anew");
    }
}

#[test]
fn an_interrupted_creation_is_finished_in_each_way() {
    for client in able(MINIMAL, "minimal refresh: an interrupted creation") {
        for (way, size) in WAYS.into_iter().flat_map(|way| [(way, 1024), (way, 2048)]) {
            let (cloud, project) = scene(&client);
            let id = stopped(&cloud, &project, "create", &APPLY);
            cloud.let_go();
            project.main(&sized(size));
            apply(&project, way).ok();
            let when = format!("{way:?} {size}");
            assert_eq!(is_so(&cloud, &project, &size.to_string(), &when), id, "{when}");
        }
    }
}

#[test]
fn an_interrupted_update_is_finished_or_undone_in_each_way() {
    for client in able(MINIMAL, "minimal refresh: an interrupted update") {
        for (way, size) in WAYS.into_iter().flat_map(|way| [(way, 2048), (way, 1024), (way, 4096)])
        {
            let (cloud, project) = scene(&client);
            project.apply().ok();
            project.main(&sized(2048));
            let id = stopped(&cloud, &project, "update", &APPLY);
            cloud.let_go();
            cloud.settled("queues");
            project.main(&sized(size));
            apply(&project, way).ok();
            let when = format!("{way:?} {size}");
            assert_eq!(is_so(&cloud, &project, &size.to_string(), &when), id, "{when}");
        }
    }
}

#[test]
fn an_interrupted_deletion_is_followed_by_a_creation_in_each_way() {
    for client in able(MINIMAL, "minimal refresh: an interrupted deletion") {
        for (way, size) in WAYS.into_iter().flat_map(|way| [(way, 1024), (way, 2048)]) {
            let (cloud, project) = scene(&client);
            project.apply().ok();
            let id = stopped(&cloud, &project, "delete", &DESTROY);
            cloud.let_go();
            cloud.settled(&id);
            project.main(&sized(size));
            apply(&project, way).ok();
            let when = format!("{way:?} {size}");
            assert_ne!(is_so(&cloud, &project, &size.to_string(), &when), id, "{when}");
        }
    }
}

#[test]
fn a_state_that_is_stale_refuses_nothing() {
    for client in able(MINIMAL, "minimal refresh: a stale state") {
        for way in WAYS {
            let (cloud, project) = scene(&client);
            project.apply().ok();
            cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
            cloud.hold(Rule::stack("queues").resource("First").on("rollback").fail(BROKEN));
            project.main(&sized(2048));
            project.apply().failed();
            assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_FAILED");
            // Terraform has seen it so, and then somebody goes on with the rollback.
            project.run(&[&APPLY[..], &["-refresh-only"]].concat()).ok();
            cloud.let_go();
            cloud
                .query("cloudformation", "ContinueUpdateRollback", &[("StackName", "queues")])
                .expect("it may be continued");
            cloud.settled("queues");
            apply(&project, way).ok();
            is_so(&cloud, &project, "2048", &format!("{way:?}"));
        }
    }
}
