//! Whose an interrupted creation is: the same configuration's, on whatever machine its state is reached from.

use serde_json::json;

use super::terraform::{APPLY, Project};
use super::{QUEUES, free, queues, until_held};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_stack.this";

/// The settings of a backend in the cloud's S3.
fn backend(cloud: &Cloud, key: &str) -> String {
    let bucket = format!("states-{}", cloud.account());
    let all = format!(
        "    bucket = \"{bucket}\"\n    key = \"{key}\"\n    region = \"us-east-1\"\n    use_path_style = true\n    \
         skip_credentials_validation = true\n    skip_requesting_account_id = true\n    skip_metadata_api_check = true\n    \
         skip_region_validation = true\n    skip_s3_checksum = true\n    endpoints = {{ s3 = \"{}\" }}\n",
        cloud.endpoint()
    );
    format!("terraform {{\n  backend \"s3\" {{\n{all}  }}\n}}\n")
}

/// Lets Terraform reach its state; that it finds no registry for the provider afterwards does not matter.
fn begin(project: &Project) {
    project.run(&["init", "-no-color", "-input=false"]);
    assert!(project.path(".terraform/terraform.tfstate").is_file(), "the backend was not set up");
}

/// Begins a creation there and kills everything.
fn killed(cloud: &Cloud, project: &Project) -> String {
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(600.0));
    let running = project.start(&APPLY);
    let id = until_held(cloud, &running, "queues", "Second", "create");
    running.send("KILL", true);
    running.wait();
    cloud.let_go();
    id
}

#[test]
fn another_machine_with_the_same_backend_adopts() {
    let (cloud, project) = queues();
    cloud.bucket("states");
    project.main(&format!("{}{}", backend(&cloud, "prod"), free("")));
    begin(&project);
    let id = killed(&cloud, &project);

    let stranger = project.again(&cloud);
    stranger.main(&format!("{}{}", backend(&cloud, "other"), free("")));
    begin(&stranger);
    stranger.plan().failed().says("did not begin it").says("import {");

    let other = project.again(&cloud);
    begin(&other);
    other.apply().ok().says("adopts it");
    other.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").id, id);
    let state = other.show(&["show", "-json"]);
    assert_eq!(state["values"]["root_module"]["resources"][0]["values"]["id"], json!(id));
}

#[test]
fn a_moved_folder_with_a_local_state_needs_an_owner_in_words() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.provider("provider \"quilt\" {\n  owner = \"platform-team/prod\"\n}\n");
    let id = killed(&cloud, &project);
    let moved = project.again(&cloud);
    moved.provider("provider \"quilt\" {}\n");
    moved.plan().failed().says("did not begin it");
    moved.provider("provider \"quilt\" {\n  owner = \"platform-team/prod\"\n}\n");
    moved.apply().ok().says("adopts it");
    assert_eq!(moved.attribute(THIS, "id"), json!(id));
}

#[test]
fn what_is_taken_over_keeps_what_the_configuration_does_not_name() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let id = cloud.stack("queues").expect("it was made").id;
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("it can be updated");
    cloud.settled("queues");
    project.run(&["state", "rm", THIS]).ok();
    project.apply().ok().says("adopts it");
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!((stack.id.as_str(), stack.parameters["Size"].as_str()), (id.as_str(), "2048"));
    assert_eq!(project.attribute(THIS, "adopted"), json!(true));
}

#[test]
fn two_workspaces_are_two_owners() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let workspace =
        |verb: &str, name: &str| project.run(&["workspace", verb, "-no-color", name]).ok();
    workspace("new", "one");
    let id = killed(&cloud, &project);
    workspace("new", "two");
    project.plan().failed().says("did not begin it").says("import {");
    project.apply().failed().says("A stack named queues exists already");
    workspace("select", "one");
    project.apply().ok().says("adopts it");
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").id, id);
}

#[test]
fn two_folders_are_two_owners() {
    let (cloud, project) = queues();
    project.main(&free(""));
    let id = killed(&cloud, &project);
    let beside = project.again(&cloud);
    beside.provider("provider \"quilt\" {}\n");
    beside.plan().failed().says("did not begin it");
    project.apply().ok().says("adopts it");
    assert_eq!(project.attribute(THIS, "id"), json!(id));
}

#[test]
fn a_folder_that_moves_with_its_state_goes_on() {
    let (cloud, project) = queues();
    project.main(&free(""));
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(600.0));
    let running = project.start(&APPLY);
    let id = until_held(&cloud, &running, "queues", "Second", "create");
    running.interrupt().0.failed();
    cloud.let_go();
    let moved = project.again(&cloud);
    std::fs::copy(project.path("terraform.tfstate"), moved.path("terraform.tfstate"))
        .expect("the folder is writable");
    moved.apply().ok();
    moved.plan_is_empty();
    assert_eq!((moved.attribute(THIS, "id"), cloud.calls_of("CreateStack").len()), (json!(id), 1));
}
