//! Answers that are lost after the call took effect, call by call: the provider finds out what came of it, and nothing is made twice.

use std::time::Duration;

use serde_json::json;

use super::terraform::Project;
use super::{QUEUES, free, queues, stack};
use crate::cloud::{Cloud, Fault, Rule};

const THIS: &str = "quilt_stack.this";

/// What AWS says of a call whose answer was lost, when it is repeated and AWS knows it again.
fn known(code: &str, message: &str) -> Fault {
    Fault::Refused { status: 400, code: code.into(), message: message.into() }
}

/// Calls of an action that took effect, and those that the weather spoiled.
fn counted(cloud: &Cloud, action: &str) -> (usize, usize) {
    let calls = cloud.calls_of(action);
    (
        calls.iter().filter(|call| call.status == Some(200)).count(),
        calls.iter().filter(|call| call.weather.is_some()).count(),
    )
}

/// How often an operation of the stack began.
fn begun(cloud: &Cloud, id: &str, status: &str) -> usize {
    cloud
        .events(id)
        .iter()
        .filter(|event| event.resource == "queues" && event.status == status)
        .count()
}

/// The stack, made in fair weather; with its id.
fn made(arguments: &str) -> (Cloud, Project, String) {
    let (cloud, project) = queues();
    project.main(&free(arguments));
    project.apply().ok();
    let id = cloud.stack("queues").expect("it was made").id;
    cloud.forget();
    (cloud, project, id)
}

fn losses() -> [Fault; 3] {
    [Fault::Reset, Fault::Truncated, Fault::InternalError]
}

#[test]
fn of_create_stack() {
    for fault in losses() {
        let (cloud, project) = queues();
        project.main(&free(""));
        cloud.weather(fault.on("CreateStack").after().times(1));
        project.apply().ok();
        project.plan_is_empty();
        let calls = cloud.calls_of("CreateStack");
        assert_eq!((calls.len(), &calls[0].token), (2, &calls[1].token), "the same request again");
        let id = cloud.stack("queues").expect("it was made").id;
        assert_eq!(
            (project.attribute(THIS, "id"), begun(&cloud, &id, "CREATE_IN_PROGRESS")),
            (json!(id), 1)
        );
    }
}

#[test]
fn of_create_stack_with_every_word_that_says_it_exists() {
    for (code, message) in [
        ("AlreadyExistsException", "Stack [queues] already exists"),
        ("TokenAlreadyExistsException", "A client request token already exists."),
    ] {
        let (cloud, project) = queues();
        project.main(&free(""));
        cloud.weather(known(code, message).on("CreateStack").after().times(1));
        project.apply().ok();
        project.plan_is_empty();
        let id = cloud.stack("queues").expect("it was made").id;
        assert_eq!(
            (project.attribute(THIS, "id"), begun(&cloud, &id, "CREATE_IN_PROGRESS")),
            (json!(id), 1),
            "{code}"
        );
    }
}

#[test]
fn of_create_change_set_and_of_execute_change_set() {
    for action in ["CreateChangeSet", "ExecuteChangeSet"] {
        for fault in losses()
            .into_iter()
            .chain([known("TokenAlreadyExistsException", "A client request token already exists.")])
        {
            let (cloud, project, id) = made("");
            project.main(&free("  parameters = { Size = 4096 }\n  preview = false"));
            cloud.weather(fault.clone().on(action).after().times(1));
            project.apply().ok();
            project.plan_is_empty();
            assert_eq!(
                begun(&cloud, &id, "UPDATE_IN_PROGRESS"),
                1,
                "{action} {fault:?}: {:#?}",
                cloud.calls()
            );
            assert_eq!(
                (
                    counted(&cloud, action).1,
                    cloud.stack("queues").expect("it is there").parameters["Size"].as_str()
                ),
                (1, "4096")
            );
            let sets = cloud
                .query("cloudformation", "ListChangeSets", &[("StackName", "queues")])
                .expect("the stack is there");
            assert!(sets.members("Summaries").is_empty());
        }
    }
}

#[test]
fn of_update_stack() {
    for fault in losses()
        .into_iter()
        .chain([known("TokenAlreadyExistsException", "A client request token already exists.")])
    {
        let (cloud, project, id) = made("");
        let nothing = "The submitted information didn't contain changes. Submit different information to create a change set.";
        cloud.hold(Rule::stack("queues").resource("ChangeSet").on("review").fail(nothing));
        project
            .write("template.yaml", &QUEUES.replace("Outputs:", "Outputs:\n  More: {Value: more}"));
        cloud.weather(fault.clone().on("UpdateStack").after().times(1));
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!(
            (begun(&cloud, &id, "UPDATE_IN_PROGRESS"), counted(&cloud, "UpdateStack").1),
            (1, 1),
            "{fault:?}"
        );
        assert_eq!(cloud.stack("queues").expect("it is there").outputs["More"], "more");
    }
}

#[test]
fn of_delete_stack() {
    for fault in losses()
        .into_iter()
        .chain([known("TokenAlreadyExistsException", "A client request token already exists.")])
    {
        let (cloud, project, id) = made("");
        cloud.weather(fault.clone().on("DeleteStack").after().times(1));
        project.destroy().ok();
        assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
        assert_eq!(
            (begun(&cloud, &id, "DELETE_IN_PROGRESS"), counted(&cloud, "DeleteStack").1),
            (1, 1),
            "{fault:?}"
        );
    }
}

#[test]
fn of_update_termination_protection() {
    let (cloud, project) = queues();
    project.main(&stack("  template_file = \"template.yaml\""));
    cloud.weather(Fault::Reset.on("UpdateTerminationProtection").after().times(1));
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("queues").expect("it was made").protected);
}

#[test]
fn of_create_db_snapshot() {
    const OLD: &str = r#"Resources:
  DB:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: "15.12", DBInstanceClass: db.t3.small, AllocatedStorage: "100",
                 MasterUsername: keeper, MasterUserPassword: not-a-secret}
"#;
    for fault in losses() {
        let cloud = Cloud::start();
        cloud.create_stack("old", OLD, &[]).expect("the template is right");
        cloud.settled("old");
        let project = Project::new(&cloud);
        project.main("resource \"quilt_snapshot\" \"this\" {\n  stack_name = \"old\"\n  delete_on_destroy = true\n}\n");
        cloud.weather(fault.clone().on("CreateDBSnapshot|DeleteDBSnapshot").after().times(1));
        project.apply().ok();
        project.plan_is_empty();
        let count = || {
            cloud
                .query("rds", "DescribeDBSnapshots", &[])
                .expect("listing is allowed")
                .members("DBSnapshots")
                .len()
        };
        assert_eq!((counted(&cloud, "CreateDBSnapshot"), count()), ((1, 1), 1), "{fault:?}");
        cloud.clear_up();
        cloud.weather(fault.clone().on("DeleteDBSnapshot").after().times(1));
        project.destroy().ok();
        assert_eq!((count(), counted(&cloud, "DeleteDBSnapshot").1), (0, 1), "{fault:?}");
    }
}

/// No answer at all, for longer than the caller has patience: the limit of the configuration is over, and the next apply adopts.
#[test]
fn for_good() {
    let (cloud, project) = queues();
    project.main(&free("  timeouts {\n    create = \"4s\"\n  }"));
    cloud.weather(Fault::Throttled.on("DescribeStacks").skip(1));
    let begun_at = std::time::Instant::now();
    project.apply().failed().says("Stack queues was not created in time");
    assert!(begun_at.elapsed() < Duration::from_secs(30), "{:?}", begun_at.elapsed());
    assert!(project.instance(THIS).is_null());
    cloud.clear_up();
    project.apply().ok();
    project.plan_is_empty();
    let id = cloud.stack("queues").expect("it was made").id;
    assert_eq!(begun(&cloud, &id, "CREATE_IN_PROGRESS"), 1);
}
