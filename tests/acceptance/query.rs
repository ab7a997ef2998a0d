//! `terraform query`: what is found, in which words, how much is read, and what becomes of the configuration that is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::clients::{Client, QUERY, by_each};
use super::terraform::Project;
use super::{QUEUES, free, writes};
use crate::cloud::{Cloud, Fault};

/// The calls that stacks are listed by.
const LISTINGS: &str = "DescribeStacks|ListStacks";
const WRITTEN: &str = "-generate-config-out=written.tf";

/// An account with three stacks of queues, one of them by way of Quilt's parameter, and a project that knows none of them.
fn three(client: &Client) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let maker = Project::by(&cloud, client);
    let quilt = QUEUES.replace("Parameters:\n", "Parameters:\n  QuiltWebHost: {Type: String}\n");
    maker.write("template.yaml", QUEUES);
    maker.write("quilt.yaml", &quilt);
    let plain = |label: &str| {
        free("  tags = { team = \"data\" }")
            .replace("\"this\"", &format!("\"{label}\""))
            .replace("\"queues\"", &format!("\"queues-{label}\""))
    };
    let web = "  web_host = \"quilt.example.com\"\n  parameters = { Size = 2048 }";
    let web = free(web).replace("template.yaml", "quilt.yaml");
    maker.main(&[web, plain("a"), plain("b")].concat());
    maker.apply().ok();
    let project = Project::by(&cloud, client);
    (cloud, project)
}

fn list(kind: &str, config: &str) -> String {
    format!("list \"{kind}\" \"all\" {{\n  provider = quilt\n{config}}}\n")
}

#[test]
fn stacks_are_found_and_narrowed_down() {
    by_each(QUERY, "stacks are found by a query", |client| {
        let (cloud, project) = three(client);
        let query = |config: &str| {
            project.write("all.tfquery.hcl", &list("quilt_stack", config));
            project.run(&["query", "-no-color"]).ok()
        };
        cloud.forget();
        query("").says("queues (CREATE_COMPLETE)").does_not_say("queues-a");
        assert_eq!(writes(&cloud), [""; 0]);
        query("  config {\n    quilt_only = false\n  }\n").says("queues-a").says("queues-b");
        query("  config {\n    quilt_only = false\n    tags = { team = \"data\" }\n  }\n")
            .says("queues-b")
            .does_not_say("queues (");
        let one = query("  limit = 1\n  config {\n    quilt_only = false\n  }\n");
        assert_eq!(one.text.matches("(CREATE_COMPLETE)").count(), 1, "{}", one.text);
        project.write(
            "all.tfquery.hcl",
            &list("quilt_stack", "  config {\n    statuses = [\"DONE\"]\n  }\n"),
        );
        project
            .run(&["validate", "-query", "-no-color"])
            .failed()
            .says("CloudFormation has no status `DONE`");
    });
}

#[test]
fn ctrl_c_ends_a_query_at_once() {
    by_each(QUERY, "Ctrl-C in a query", |client| {
        let (cloud, project) = three(client);
        project.write("all.tfquery.hcl", &list("quilt_stack", ""));
        let asked = Arc::new(AtomicBool::default());
        let told = asked.clone();
        cloud.before(LISTINGS, move |_| told.store(true, Ordering::Relaxed));
        cloud.weather(Fault::Slow { seconds: 30.0 }.on(LISTINGS));
        let running = project.start(&["query", "-no-color"]);
        let end = Instant::now() + Duration::from_secs(60);
        while !asked.load(Ordering::Relaxed) {
            assert!(Instant::now() < end, "nothing was asked");
            std::thread::sleep(Duration::from_millis(50));
        }
        let (outcome, time) = running.interrupt();
        assert!(time < Duration::from_secs(2), "it was back after {time:?}:\n{}", outcome.text);
        project.nothing_is_left_running();
    });
}

#[test]
fn what_is_found_is_written_imported_and_planned_empty() {
    by_each(QUERY, "the configuration that a query writes", |client| {
        let (_cloud, project) = three(client);
        let config = "  config {\n    quilt_only = false\n  }\n";
        project.write("all.tfquery.hcl", &list("quilt_stack", config));
        project.run(&["query", "-no-color", WRITTEN]).ok();
        let written = std::fs::read_to_string(project.path("written.tf")).unwrap();
        let has =
            |text: &str| written.split_whitespace().collect::<Vec<_>>().join(" ").contains(text);
        assert!(has("web_host = \"quilt.example.com\"") && has("Size = \"2048\""), "{written}");
        for absent in
            ["QuiltWebHost = ", "capabilities = [", "outputs = ", "region = \"us-east-1\"\n  tags"]
        {
            assert!(!has(absent), "{absent}: {written}");
        }
        assert!(has("identity = {"), "{written}");
        project.apply().ok().says("3 imported, 0 added, 0 changed");
        project.plan_is_empty();
    });
}

#[test]
fn every_resource_is_listed() {
    by_each(QUERY, "every resource is listed", |client| {
        let cloud = Cloud::start();
        let maker = Project::by(&cloud, client);
        maker.main("resource \"quilt_network\" \"this\" {\n  name = \"small\"\n  enable_termination_protection = false\n}\n");
        maker.apply().ok();
        let project = Project::by(&cloud, client);
        for (block, found) in [
            (
                "list \"quilt_network\" \"all\" {\n  provider = quilt\n}\n",
                "small (CREATE_COMPLETE)",
            ),
            ("list \"quilt_stack\" \"all\" {\n  provider = quilt\n}\n", ""),
            ("list \"quilt_database\" \"all\" {\n  provider = quilt\n}\n", ""),
            ("list \"quilt_search\" \"all\" {\n  provider = quilt\n}\n", ""),
            ("list \"quilt_snapshot\" \"all\" {\n  provider = quilt\n}\n", ""),
            ("list \"quilt_sso\" \"all\" {\n  provider = quilt\n}\n", ""),
        ] {
            project.write("all.tfquery.hcl", block);
            project.run(&["query", "-no-color"]).ok().says(found);
        }
        project.write("all.tfquery.hcl", &list("quilt_network", ""));
        project.run(&["query", "-no-color", WRITTEN]).ok();
        project.apply().ok().says("1 imported, 0 added, 0 changed");
        project.plan_is_empty();
    });
}

#[test]
fn every_example_of_a_list_is_valid() {
    by_each(QUERY, "the examples of lists", |client| {
        let project = Project::by(&Cloud::start(), client);
        let folder = super::examples::examples("list-resources");
        let examples: Vec<_> = folder.read_dir().unwrap().flatten().map(|e| e.path()).collect();
        assert_eq!(examples.len(), 14);
        for example in examples {
            let text = std::fs::read_to_string(example.join("list-resource.tfquery.hcl")).unwrap();
            project.write("all.tfquery.hcl", &text);
            project.run(&["validate", "-query", "-no-color"]).ok();
            // Terraform 1.14 formats no such file.
            if client.version > (1, 14) {
                project.run(&["fmt", "-check", "-no-color", "all.tfquery.hcl"]).ok();
            }
        }
    });
}

/// An import that is to be written, without a query. Without `provider` Terraform 1.16 and later look for another provider.
#[test]
fn an_import_is_written() {
    by_each(QUERY, "the configuration that an import writes", |client| {
        let (_cloud, project) = three(client);
        let import = "import {\n  to       = quilt_stack.this\n  provider = quilt\n  identity = {\n    name = \"queues\"\n  }\n}\n";
        project.main(import);
        project
            .run(&["plan", "-no-color", "-input=false", WRITTEN])
            .ok()
            .says("1 to import, 0 to add, 0 to change");
        // Once there is a configuration, Terraform takes the provider from that alone.
        project.main(&import.replace("  provider = quilt\n", ""));
        let written = std::fs::read_to_string(project.path("written.tf")).unwrap();
        assert!(written.contains("web_host") && !written.contains("QuiltWebHost "), "{written}");
        project.apply().ok().says("1 imported, 0 added, 0 changed");
        project.plan_is_empty();
    });
}
