//! What goes wrong around an apply: answers lost, throttling, credentials, clocks, other people, full disks. Nothing is made twice or lost.

use std::process::Command;

use serde_json::json;

use super::command::program;
use super::terraform::{APPLY, Project};
use super::{BROKEN, free, queues, until_held};
use crate::cloud::{Cloud, Fault, Rule};

const THIS: &str = "quilt_stack.this";

/// Stacks of this name that were ever begun in the account.
fn begun(cloud: &Cloud, name: &str) -> usize {
    let answer =
        cloud.query("cloudformation", "ListStacks", &[]).expect("listing is always allowed");
    answer.members("StackSummaries").iter().filter(|row| row.get("StackName") == Some(name)).count()
}

#[test]
fn an_answer_that_is_lost_after_its_effect_makes_nothing_twice() {
    let (cloud, project) = queues();
    for fault in [Fault::Reset, Fault::Truncated] {
        cloud.weather(
            fault
                .on("CreateStack|CreateChangeSet|ExecuteChangeSet|UpdateStack|DeleteStack")
                .after()
                .times(2),
        );
    }
    project.main(&free(""));
    project.apply().ok();
    project.main(&free("  parameters = { Size = 4096 }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(
        (
            begun(&cloud, "queues"),
            cloud.stack("queues").expect("it is there").parameters["Size"].as_str()
        ),
        (1, "4096")
    );
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn a_hundred_stacks_in_a_storm_of_throttling() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(
        r#"resource "quilt_stack" "this" {
  count                         = 100
  name                          = "storm-${count.index}"
  enable_termination_protection = false
  template_body                 = jsonencode({ Resources = { Handle = { Type = "AWS::CloudFormation::WaitConditionHandle" } } })
}
"#,
    );
    cloud.seed(7);
    cloud.weather(Fault::Throttled.on(".*").odds(0.25));
    project.run(&[&APPLY[..], &["-parallelism=50"]].concat()).ok().says("100 added");
    cloud.clear_up();
    project.plan_is_empty();
    assert_eq!(cloud.stacks().len(), 100);
}

/// Terraform is under way with a creation whose second queue is held; once it is, `happens`. The apply fails with these words.
fn in_the_middle(
    cloud: &Cloud,
    project: &Project,
    happens: impl FnOnce(&str),
    words: &[&str],
) -> String {
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(600.0));
    let running = project.start(&APPLY);
    let id = until_held(cloud, &running, "queues", "Second", "create");
    happens(&id);
    let outcome = running.wait().failed();
    words.iter().fold(outcome, |outcome, words| outcome.says(words));
    cloud.clear_up();
    id
}

fn the_next_apply_adopts(cloud: &Cloud, project: &Project, id: &str) {
    assert!(
        project.instance(THIS).is_null(),
        "with a state it would be tainted, or its dependants built on nothing"
    );
    cloud.let_go();
    project.apply().ok().says("exists already").says("adopts it");
    project.plan_is_empty();
    assert_eq!((project.attribute(THIS, "id"), begun(cloud, "queues")), (json!(id), 1));
}

#[test]
fn credentials_that_end_in_the_middle_of_a_wait() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let words = ["Stack queues was not created", "Renew the credentials", "is found again"];
    let id = in_the_middle(&cloud, &project, |_| cloud.weather(Fault::Expired.on(".*")), &words);
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn a_clock_that_goes_wrong_in_the_middle_of_a_wait() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let words = ["Stack queues was not created", "The clock of this machine is wrong"];
    let id = in_the_middle(&cloud, &project, |_| cloud.weather(Fault::Skewed.on(".*")), &words);
    cloud.weather(Fault::Late.on(".*"));
    project.plan().failed().says("The clock of this machine is wrong");
    cloud.clear_up();
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn credentials_that_a_program_gives_are_renewed_in_the_middle_of_a_wait() {
    let (cloud, mut project) = queues();
    project.main(&free(""));
    let keys = json!({"Version": 1, "AccessKeyId": cloud.account(), "SecretAccessKey": "not-a-secret", "SessionToken": "x"}).to_string();
    let (given, keys) = (project.path("given"), keys.trim_end_matches('}').to_owned());
    let script = format!(
        "#!/bin/sh\necho once >> '{}'\nprintf '%s,\"Expiration\":\"%s\"}}' '{keys}' \"$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%SZ)\"\n",
        given.display()
    );
    project.write("give.sh", &script);
    project.write(
        "aws",
        &format!("[default]\ncredential_process = sh {}\n", project.path("give.sh").display()),
    );
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        project.set(name, "");
    }
    let file = project.path("aws").display().to_string();
    project.set("AWS_CONFIG_FILE", &file);
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(5.0));
    project.apply().ok();
    let times = std::fs::read_to_string(given).expect("it was asked").lines().count();
    assert!(times > 3, "asked {times} times");
}

#[test]
fn somebody_elses_operation_is_waited_for() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("update").hold(4.0).times(1));
    cloud.update_stack("queues", super::QUEUES, &[("Size", "2048")]).expect("an update may begin");
    project.main(&free("  parameters = { Size = 4096 }"));
    project.apply().ok().says("resumes");
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "4096");
}

#[test]
fn somebody_deletes_it_in_the_middle() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let delete = |id: &str| {
        cloud
            .query("cloudformation", "DeleteStack", &[("StackName", id)])
            .expect("a creation may be called off");
        cloud.let_go();
    };
    let id = in_the_middle(&cloud, &project, delete, &["Stack queues was not created"]);
    project.apply().ok();
    project.plan_is_empty();
    assert_ne!(project.attribute(THIS, "id"), json!(id));
}

#[test]
fn a_disk_that_is_full_when_the_state_is_written() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "ulimit -f 2; exec \"$0\" \"$@\"", &program().display().to_string()]);
    project.start_by(shell, &APPLY).wait().failed();
    let id = cloud.stack("queues").expect("it was made").id;
    for file in ["terraform.tfstate", "errored.tfstate"] {
        drop(std::fs::remove_file(project.path(file)));
    }
    the_next_apply_adopts(&cloud, &project, &id);
}

#[test]
fn events_that_cannot_be_read_hide_the_cause_and_nothing_else() {
    for fault in [Fault::Denied, Fault::Truncated] {
        let (cloud, project) = queues();
        project.main(&free(""));
        cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(BROKEN).times(1));
        cloud.weather(fault.on("Describe(Stack)?Events"));
        project.apply().failed().says("CloudFormation rolled the creation back");
        cloud.clear_up();
        project.apply().ok();
        project.plan_is_empty();
    }
}
