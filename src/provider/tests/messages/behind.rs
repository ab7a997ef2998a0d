//! `quilt_stack`: a creation that failed, told with what lies behind it.

use serde_json::json;

use super::scene::{Scene, scene};
use super::stack::config;
use crate::aws::cloudtrail::Refused;
use crate::aws::ecs::{Container, Running, Said, Task};
use crate::aws::fake::Fake;
use crate::aws::{Hook, HookNote};
use crate::cloudformation::stack::Event;

const SERVICE: &str = "arn:aws:ecs:us-east-1:123456789012:service/prod/registry";
const AT: i64 = 1_795_860_000_000;

fn event(id: &str, kind: &str, physical_id: &str, reason: &str) -> Event {
    Event {
        logical_id: id.into(),
        kind: kind.into(),
        physical_id: physical_id.into(),
        status: if reason.is_empty() { "CREATE_COMPLETE" } else { "CREATE_FAILED" }.into(),
        reason: (!reason.is_empty()).then(|| reason.into()),
        at: AT,
        ..Event::default()
    }
}

fn service(fake: Fake) -> Fake {
    let reason = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.";
    fake.script(&["ROLLBACK_COMPLETE"]).happened(event(
        "Registry",
        "AWS::ECS::Service",
        SERVICE,
        reason,
    ))
}

fn task(container: Container) -> Task {
    Task {
        task_arn: "arn:aws:ecs:us-east-1:123456789012:task/prod/4f".into(),
        task_definition_arn: "registry:7".into(),
        stopped_at: Some(AT as f64 / 1000.0),
        stopped_reason: Some("Essential container in task exited".into()),
        containers: vec![container],
        ..Task::default()
    }
}

fn exited(fake: Fake) -> Fake {
    let container = Container { name: "registry".into(), exit_code: Some(1), reason: None };
    let call = Refused {
        call: "secretsmanager:GetSecretValue".into(),
        message: "an explicit deny in a service control policy".into(),
        caller: "arn:aws:sts::123456789012:assumed-role/prod-task/4f".into(),
        ..Refused::default()
    };
    service(fake.happened(event("Role", "AWS::IAM::Role", "prod-task", "")))
        .service("registry", Some(Running::default()), vec![task(container)])
        .logs_to("registry:7", "registry", "prod", "quilt")
        .lines("prod", "quilt/registry/4f", AT, &["Starting", "RuntimeError: no settings"])
        .refuses(call)
}

fn not_pulled(fake: Fake) -> Fake {
    let reason = Some("CannotPullContainerError: dial tcp: i/o timeout".into());
    let container = Container { name: "registry".into(), exit_code: None, reason };
    service(fake).service("registry", Some(Running::default()), vec![task(container)])
}

fn unplaced(fake: Fake) -> Fake {
    let said =
        Said { message: "(service registry) was unable to place a task".into(), created_at: 0.0 };
    let running = Running { desired_count: 2, events: vec![said], ..Running::default() };
    service(fake).service("registry", Some(running), vec![])
}

fn hooked(fake: Fake) -> Fake {
    let mut refused =
        event("Data", "AWS::S3::Bucket", "", "The following hook(s) failed: [Acme::Hook]");
    refused.hook = Some("h-1".into());
    let note = HookNote {
        name: "Encryption".into(),
        message: "The bucket is not encrypted".into(),
        remedy: Some("Set BucketEncryption".into()),
        severity: Some("high".into()),
        link: None,
    };
    let hook = Hook {
        name: "Acme::Hook".into(),
        reason: Some("1 check failed".into()),
        notes: vec![note],
    };
    fake.script(&["ROLLBACK_COMPLETE"]).happened(refused).hooked("h-1", hook)
}

pub fn scenes() -> Vec<Scene> {
    let all: [(&'static str, fn(Fake) -> Fake); 5] = [
        ("A task ends, and its log and a refused call tell why", exited),
        ("A task cannot fetch its image", not_pulled),
        ("A service has no stopped task", unplaced),
        ("A service is gone with the rollback", |fake| {
            service(fake).service("registry", None, vec![])
        }),
        ("A hook refuses a bucket", hooked),
    ];
    all.map(|(title, world)| scene("quilt_stack", title).over(world).apply(config(json!({}))))
        .into()
}
