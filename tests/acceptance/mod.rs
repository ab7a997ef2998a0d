//! Real Terraform against the test cloud: what a person types, what Terraform shows, and what is in AWS afterwards.

mod account;
mod actions;
mod catalog;
mod catalogued;
mod clients;
pub mod command;
mod connect;
mod core;
mod database;
mod diagnose;
mod drop_in;
mod edited;
mod ephemeral;
mod examples;
mod faults;
mod fresh;
mod functions;
mod health;
mod existing;
mod guided;
mod iac;
mod identity;
mod in_use;
mod inputs;
mod interruption;
pub mod migration;
mod minimal;
mod modules;
mod lookup;
mod lookups;
mod lost;
mod network;
mod owner;
mod pages;
mod preflight;
mod protection;
mod provider;
mod query;
mod recordings;
mod releases;
mod review;
mod rotation;
mod search;
pub mod secrets;
mod snapshot;
mod short;
mod sso;
mod stand_in;
mod stack;
pub mod templates;
mod testing;
mod traps;
mod twice;
mod ways;
pub mod terraform;
mod weather;
mod wiring;
mod workspaces;

use std::time::{Duration, Instant};

use crate::cloud::Cloud;
use command::Running;
use terraform::Project;

/// Two queues, the second made after the first; `Size` is what an update changes, `Password` is a secret.
pub const QUEUES: &str = r#"Parameters:
  Size: {Type: Number, Default: 1024, MinValue: 1024, MaxValue: 262144}
  Password: {Type: String, NoEcho: true, MinLength: 3, Default: hunter2}
Resources:
  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}
  Second: {Type: AWS::SQS::Queue, DependsOn: First, Properties: {MaximumMessageSize: !Ref Size}}
Outputs:
  Url: {Value: !Ref First}
  Size: {Value: !Ref Size}
"#;

/// Why a resource fails, where a test wants one to.
const BROKEN: &str = "Resource handler returned message: \"broken\"";

/// An account and a project in which `template.yaml` holds the queues.
fn queues() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("template.yaml", QUEUES);
    (cloud, project)
}

/// `quilt_stack.this`, named `queues`, with these arguments.
fn stack(arguments: &str) -> String {
    format!("resource \"quilt_stack\" \"this\" {{\n  name = \"queues\"\n{arguments}\n}}\n")
}

/// The same from `template.yaml` and without protection.
pub fn free(arguments: &str) -> String {
    stack(&format!(
        "  template_file = \"template.yaml\"\n  enable_termination_protection = false\n{arguments}"
    ))
}

/// The calls that changed something, or tried to.
pub fn writes(cloud: &Cloud) -> Vec<String> {
    let reads = ["Describe", "Get", "List", "Validate", "Head"];
    cloud
        .calls()
        .into_iter()
        .map(|call| call.action)
        .filter(|action| !reads.iter().any(|read| action.starts_with(read)))
        .collect()
}

/// Waits until the cloud holds a resource and the provider has had AWS's answer; returns the stack's id.
fn until_held(cloud: &Cloud, running: &Running, stack: &str, resource: &str, verb: &str) -> String {
    let begun = format!("{}_IN_PROGRESS", verb.to_uppercase());
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let found =
            cloud.stacks().into_iter().find(|found| found.name == stack).map(|found| found.id);
        let held = |id: &String| {
            cloud.resources(id).get(resource).is_some_and(|resource| resource.status == begun)
        };
        if let Some(id) = found.filter(held) {
            std::thread::sleep(Duration::from_millis(300));
            return id;
        }
        if Instant::now() > end {
            running.send("KILL", true);
            panic!("{resource} of {stack} is not held");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
