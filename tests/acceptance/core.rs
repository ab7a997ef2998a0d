//! The core of the suite, by every client that is at hand: a stack's whole life, what moves, what is taken over, and what the clients do each in their own way.

use serde_json::json;

use super::clients::{ANY, Client, KEEPS, MOVES, by_each, say_which_lack};
use super::terraform::Project;
use super::{QUEUES, free, writes};
use crate::cloud::Cloud;

const THIS: &str = "quilt_stack.this";

/// An account and a project of this client in which `template.yaml` holds the queues.
fn queues(client: &Client) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::by(&cloud, client);
    project.write("template.yaml", QUEUES);
    (cloud, project)
}

#[test]
fn every_client_makes_changes_imports_and_destroys() {
    say_which_lack("a stack's whole life");
    by_each(ANY, "a stack's whole life", |client| {
        let (cloud, project) = queues(client);
        project.main(&free(""));
        project.apply().ok().says("1 added");
        project.plan_is_empty();
        project.main(&free("  parameters = { Size = \"2048\" }"));
        project.apply().ok().says("1 changed");
        project.plan_is_empty();
        let other = project.again(&cloud);
        other.import(THIS, "queues").ok();
        // AWS keeps no file's name: the apply takes note of it and writes nothing.
        other.apply().ok();
        other.plan_is_empty();
        let renamed = free("  parameters = { Size = \"2048\" }").replace("\"this\"", "\"that\"");
        let moved = "moved {\n  from = quilt_stack.this\n  to   = quilt_stack.that\n}\n";
        project.main(&format!("{renamed}{moved}"));
        cloud.forget();
        project.apply().ok().says("0 added, 0 changed, 0 destroyed");
        project.plan_is_empty();
        assert_eq!(writes(&cloud), [""; 0], "another address is nothing to AWS");
        project.destroy().ok().says("1 destroyed");
    });
}

/// A block that is still to be written: since Terraform 1.16 it needs `provider`, and nobody minds it before.
#[test]
fn every_client_writes_what_an_import_block_takes_over() {
    by_each(ANY, "the configuration of an import block", |client| {
        let (cloud, project) = queues(client);
        cloud.create_stack("queues", QUEUES, &[("Size", "2048")]).expect("the template is right");
        cloud.settled("queues");
        let to = "  to       = quilt_stack.this\n  id       = \"queues\"\n  provider = quilt\n";
        project.main(&format!("import {{\n{to}}}\n"));
        let words = ["plan", "-no-color", "-input=false", "-generate-config-out=written.tf"];
        project.run(&words).ok().says("1 to import, 0 to add, 0 to change");
        cloud.forget();
        project.main("");
        let import = to.replace("  provider = quilt\n", "");
        project.main(&format!("import {{\n{import}}}\n"));
        project.apply().ok().says("1 imported, 0 added, 0 changed");
        project.plan_is_empty();
        assert_eq!(writes(&cloud), [""; 0]);
    });
}

/// What hashicorp/aws keeps of the queues, in a state of this client.
fn state(client: &Client, cloud: &Cloud) -> String {
    let stack = cloud.stack("queues").expect("it is there");
    let attributes = json!({
        "capabilities": null, "disable_rollback": null, "iam_role_arn": "", "id": stack.id, "name": "queues",
        "notification_arns": null, "on_failure": "ROLLBACK", "outputs": stack.outputs, "parameters": {"Size": "2048"},
        "policy_body": "", "policy_url": null, "tags": null, "tags_all": {}, "template_body": QUEUES, "template_url": null,
        "timeout_in_minutes": null, "timeouts": null,
    });
    let instance = json!({"schema_version": 0, "attributes": attributes, "sensitive_attributes": [], "private": "bnVsbA=="});
    let registry = if client.tofu { "registry.opentofu.org" } else { "registry.terraform.io" };
    json!({
        "version": 4, "terraform_version": "1.5.0", "serial": 7, "lineage": "5d3d1c1a-7f5e-4b43-9a2c-8f6d0c6f3e22", "outputs": {},
        "resources": [{
            "mode": "managed", "type": "aws_cloudformation_stack", "name": "old",
            "provider": format!("provider[\"{registry}/hashicorp/aws\"]"), "instances": [instance],
        }],
        "check_results": null,
    })
    .to_string()
}

/// OpenTofu 1.10 to 1.12.3 names the provider `aws` alone.
#[test]
fn a_stack_of_the_aws_provider_is_moved() {
    by_each(MOVES, "a stack that the aws provider managed", |client| {
        let (cloud, project) = queues(client);
        cloud.create_stack("queues", QUEUES, &[("Size", "2048")]).expect("the template is right");
        cloud.settled("queues");
        project.stand_in("hashicorp/aws");
        project.write("terraform.tfstate", &state(client, &cloud));
        let moved =
            "moved {\n  from = aws_cloudformation_stack.old\n  to   = quilt_stack.this\n}\n";
        let config = free("  parameters = { Size = \"2048\" }");
        let config = config.replace("  enable_termination_protection = false\n", "");
        project.main(&format!("{config}{moved}"));
        cloud.forget();
        project.plan().says("0 to add").says("moved from aws_cloudformation_stack.old");
        project.apply().ok().says("0 added").says("0 destroyed");
        project.plan_is_empty();
        assert_eq!(cloud.calls_of("CreateStack").len(), 0);
        assert_eq!(project.attribute(THIS, "id"), json!(cloud.stack("queues").unwrap().id));
    });
}

/// A network, and what may stand in it; `of` is how that names its network.
fn parts(of: &str) -> String {
    format!(
        "resource \"quilt_network\" \"this\" {{\n  name = \"net\"\n  enable_termination_protection = false\n}}\n\
         resource \"quilt_search\" \"this\" {{\n  name = \"find\"\n  network = {of}\n  size = \"small\"\n  \
         enable_termination_protection = false\n}}\n\
         resource \"quilt_database\" \"this\" {{\n  name = \"data\"\n  network = {of}\n  \
         enable_deletion_protection = false\n  enable_termination_protection = false\n}}\n"
    )
}

/// An account and a project of this client that has made these.
fn in_a_network(client: &Client) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::by(&cloud, client);
    project.main(&parts("quilt_network.this"));
    project.apply().ok();
    (cloud, project)
}

#[test]
fn every_client_writes_what_stands_in_a_network() {
    by_each(ANY, "the configuration of what stands in a network", |client| {
        let (cloud, project) = in_a_network(client);
        let written = project.again(&cloud);
        let imports = |more: &str| {
            let import = |kind: &str, id: &str| {
                format!("import {{\n  to = quilt_{kind}.this\n  id = \"{id}\"\n{more}}}\n")
            };
            import("network", "net") + &import("search", "find") + &import("database", "data")
        };
        written.main(&imports("  provider = quilt\n"));
        cloud.forget();
        let words = ["plan", "-no-color", "-input=false", "-generate-config-out=written.tf"];
        let planned = written.run(&words);
        match !client.tofu && [(1, 8), (1, 9)].contains(&client.version) {
            // These take text for JSON, and write `jsonencode(7.1)` for 7.10.
            true => {
                planned.failed().says("Write `engine_version = \"7.10\"`");
                let file = std::fs::read_to_string(written.path("written.tf")).unwrap();
                written.write("written.tf", &file.replace("jsonencode(7.1)", "\"7.10\""));
            }
            false => drop(planned.ok().says("3 to import, 0 to add, 0 to change")),
        }
        written.main(&imports(""));
        written.plan().says("3 to import, 0 to add, 0 to change");
        written.apply().ok().says("3 imported, 0 added, 0 changed");
        written.plan_is_empty();
        assert_eq!(writes(&cloud), [""; 0]);
    });
}

/// The whole object, and then its ids written out: one network, and nothing to change.
#[test]
fn two_ways_to_write_one_network_are_one() {
    by_each(ANY, "two ways to write one network", |client| {
        let (_cloud, project) = in_a_network(client);
        project.plan_is_empty();
        let of = |name: &str| project.attribute("quilt_network.this", name).to_string();
        let (vpc, subnets) = (of("vpc_id"), of("intra_subnet_ids"));
        let written =
            format!("{{\n    vpc_id           = {vpc}\n    intra_subnet_ids = {subnets}\n  }}");
        project.main(&parts(&written));
        project.plan_is_empty();
        project.main(&parts("quilt_network.this"));
        project.plan_is_empty();
        project.destroy().ok();
    });
}

/// `lifecycle { destroy = false }`: a destroy forgets, and so does OpenTofu with a block that is taken out. Terraform does not know the word any more
/// when the block is gone, and destroys.
#[test]
fn what_is_not_to_be_destroyed_is_forgotten() {
    by_each(KEEPS, "lifecycle { destroy = false }", |client| {
        let (cloud, project) = queues(client);
        project.main(&free("  lifecycle {\n    destroy = false\n  }\n"));
        project.apply().ok();
        let id = project.attribute(THIS, "id");
        project.plan_is_empty();
        cloud.forget();
        let outcome = project.destroy();
        // OpenTofu counts what is left as something that went wrong.
        assert_eq!(outcome.code, i32::from(client.tofu), "{}", outcome.text);
        let there = || cloud.stack("queues").map(|stack| json!(stack.id));
        assert_eq!((there(), writes(&cloud)), (Some(id.clone()), vec![]));
        // Nobody holds it any more: it may be taken over again.
        project.import(THIS, "queues").ok();
        project.apply().ok();
        project.main("");
        project.apply().ok();
        assert_eq!(there(), Some(id).filter(|_| client.tofu));
    });
}
