//! Identity in real clients: kept in the state, imported by, followed through a rename and an upgrade of the client.

use serde_json::{Value, json};

use super::clients::{Client, IDENTITY, by_each};
use super::command::program;
use super::terraform::Project;
use super::{QUEUES, free};
use crate::cloud::Cloud;

/// An account and a project of this client in which `template.yaml` holds the queues.
fn queues(client: &Client) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::by(&cloud, client);
    project.write("template.yaml", QUEUES);
    (cloud, project)
}

fn account(project: &Project) -> String {
    let id = project.attribute("quilt_stack.this", "id");
    id.as_str().unwrap().split(':').nth(4).unwrap().to_string()
}

fn of(name: &str, project: &Project) -> Value {
    json!({ "name": name, "account_id": account(project), "region": "us-east-1" })
}

#[test]
fn a_stack_is_imported_by_its_identity() {
    by_each(IDENTITY, "a stack is imported by its identity", |client| {
        let (cloud, project) = queues(client);
        project.main(&free(""));
        project.apply().ok();
        let identity = project.instance("quilt_stack.this")["identity"].clone();
        assert_eq!(identity, of("queues", &project));
        project.plan_is_empty();

        let other = project.again(&cloud);
        let import = |identity: &str| {
            let block =
                format!("import {{\n  to = quilt_stack.this\n  identity = {{ {identity} }}\n}}\n");
            other.main(&(free("") + &block));
        };
        import("name = \"queues\"\n account_id = \"210987654321\"");
        other.plan().failed().says("Nothing was imported").says("take `account_id` out");
        import("name = \"nothing\"");
        other.plan().failed().says("There is no stack nothing in us-east-1");
        import("name = \"queues\"");
        other.apply().ok().says("1 imported, 0 added");
        assert_eq!(other.instance("quilt_stack.this")["identity"], identity);
        other.plan_is_empty();
        other.destroy().ok();
    });
}

#[test]
fn every_other_resource_is_imported_by_its_identity() {
    by_each(IDENTITY, "every resource is imported by its identity", |client| {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, client);
        let network = "resource \"quilt_network\" \"this\" {\n  name = \"small\"\n  cidr = \"10.0.0.0/16\"\n  enable_termination_protection = false\n}\n";
        project.main(network);
        project.apply().ok();
        assert_eq!(project.instance("quilt_network.this")["identity"]["name"], "small");
        let other = project.again(&cloud);
        let import = "import {\n  to = quilt_network.this\n  identity = {\n    name   = \"small\"\n    region = \"us-east-1\"\n  }\n}\n";
        other.main(&format!("{network}{import}"));
        other.apply().ok().says("1 imported");
        other.plan_is_empty();
    });
}

#[test]
fn another_name_is_another_identity() {
    by_each(IDENTITY, "another name is another identity", |client| {
        let (_cloud, project) = queues(client);
        project.main(&free(""));
        project.apply().ok();
        project.main(&free("").replace("\"queues\"", "\"lines\""));
        let plan = project.plan_json();
        let change = &plan["resource_changes"][0];
        assert_eq!(change["change"]["actions"], json!(["delete", "create"]), "{plan}");
        project.apply().ok();
        assert_eq!(project.instance("quilt_stack.this")["identity"], of("lines", &project));
        project
            .main(&free("  parameters = { Size = \"2048\" }").replace("\"queues\"", "\"lines\""));
        let plan = project.plan_json();
        let change = &plan["resource_changes"][0]["change"];
        assert_eq!(change["actions"], json!(["update"]), "{plan}");
        project.apply().ok();
        project.plan_is_empty();
        project.destroy().ok();
    });
}

/// What an older client has kept without an identity gets one, and goes back to the older client unharmed.
#[test]
fn a_state_of_an_older_client_gets_its_identity() {
    by_each(IDENTITY, "a state of an older client gets its identity", |client| {
        let (_cloud, mut project) = queues(client);
        let old = program();
        if old == client.program {
            return;
        }
        project.goes_on_by(old);
        project.main(&free(""));
        project.apply().ok();
        project.goes_on_by(&client.program);
        project.plan_is_empty();
        project.main(&free("  parameters = { Size = \"2048\" }"));
        project.apply().ok();
        assert_eq!(project.instance("quilt_stack.this")["identity"], of("queues", &project));
        project.plan_is_empty();
        project.destroy().ok();
    });
}
