//! Functions: each one's example by what it gives, and wrong arguments by what a person is shown.

use quilt_provider::provider::Provider;
use serde_json::{Value, json};

use super::examples;
use super::terraform::{APPLY, Project};
use crate::cloud::Cloud;

/// The outputs of a function's example. JSON in a text stands here as JSON; the unit tests have it to the letter.
fn expected(name: &str) -> Value {
    match name {
        "hosts" => json!({
            "certificate_names": ["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"],
            "redirect_uri": "https://quilt.example.com/oauth-callback",
        }),
        name => panic!("what is expected of {name}?"),
    }
}

/// A project whose provider is not configured, and nowhere to call.
fn project(cloud: &Cloud) -> Project {
    Project::new(cloud)
}

#[test]
fn every_example_gives_what_it_says() {
    let cloud = Cloud::start();
    for name in Provider::default().functions.iter().map(|function| function.name()) {
        let project = project(&cloud);
        examples::place(&project, &format!("functions/{name}"));
        project.run(&APPLY).ok();
        let state = project.state();
        let outputs = state["outputs"].as_object().into_iter().flatten().map(|(name, output)| (name.clone(), output["value"].clone()));
        assert_eq!(Value::Object(outputs.collect()), expected(name), "{name}");
        project.plan_is_empty();
    }
    assert!(cloud.calls().is_empty(), "a function calls nobody");
}

/// `terraform validate` finds it, at the argument, offline.
fn wrong(project: &Project, call: &str, says: &[&str]) {
    project.main(&format!("output \"it\" {{\n  value = provider::quilt::{call}\n}}\n"));
    let outcome = project.run(&["validate", "-no-color"]).failed();
    says.iter().fold(outcome.says("on main.tf line 2, in output \"it\":"), |outcome, text| outcome.says(text));
}

#[test]
fn a_wrong_argument_is_told_at_it() {
    let cloud = Cloud::start();
    let project = project(&cloud);
    wrong(
        &project,
        "hosts(\"https://quilt.example.com\")",
        &["Invalid value for \"web_host\" parameter", "is no bare host name. Write `quilt.example.com`.\n"],
    );
    wrong(&project, "hosts(null)", &["Invalid value for \"web_host\" parameter", "must not be null"]);
    wrong(&project, "hosts()", &["Not enough function arguments"]);
    wrong(&project, "sing(\"la\")", &["sing"]);
    assert!(cloud.calls().is_empty(), "a function calls nobody");
}

/// An argument that is known after the apply makes the answer so.
#[test]
fn what_is_not_known_yet_is_not_known_after_the_function() {
    let cloud = Cloud::start();
    let project = project(&cloud);
    project.main(
        "resource \"terraform_data\" \"host\" {\n  input = \"quilt.example.com\"\n}\n\
         output \"it\" {\n  value = provider::quilt::hosts(terraform_data.host.output).url\n}\n",
    );
    project.plan().says("+ it = (known after apply)");
    project.run(&APPLY).ok().says("it = \"https://quilt.example.com\"");
    project.plan_is_empty();
}
