//! Failures followed to their causes, in an AWS in memory; and each without the permission to look.

use super::*;
use crate::aws::cloudtrail::Refused;
use crate::aws::ecs::{Container, Running, Said, Task};
use crate::aws::fake::Fake;
use crate::aws::{Hook, HookNote, Regions};
use crate::cloudformation::stack::Event;

const STACK: &str = "arn:aws:cloudformation:us-east-1:123456789012:stack/prod/1";
const SERVICE: &str = "arn:aws:ecs:us-east-1:123456789012:service/prod/registry";
const AT: i64 = 1_795_860_000_000;

fn failed(id: &str, kind: &str, physical_id: &str, reason: &str) -> Event {
    Event {
        logical_id: id.into(),
        kind: kind.into(),
        physical_id: physical_id.into(),
        reason: Some(reason.into()),
        status: "CREATE_FAILED".into(),
        at: AT,
        ..Event::default()
    }
}

fn service() -> Event {
    let reason = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.";
    failed("Registry", "AWS::ECS::Service", SERVICE, reason)
}

fn task(exit_code: Option<i64>, reason: Option<&str>) -> Task {
    let container =
        Container { name: "registry".into(), exit_code, reason: reason.map(Into::into) };
    Task {
        task_arn: "arn:aws:ecs:us-east-1:123456789012:task/prod/4f".into(),
        task_definition_arn: "registry:7".into(),
        stopped_at: Some(AT as f64 / 1000.0),
        stopped_reason: Some("Essential container in task exited".into()),
        containers: vec![container],
        ..Task::default()
    }
}

async fn look(fake: &Fake) -> Diagnosis {
    let (veil, stop) = (Veil::default(), CancellationToken::new());
    veil.learn("hunter2hunter2");
    let aws = fake.aws(None).await.unwrap();
    let look = Look { aws: &aws, veil: &veil, stop: &stop, end: Instant::now() + PATIENCE };
    look.diagnose(STACK, Goal::Created).await
}

#[tokio::test(start_paused = true)]
async fn a_service_is_followed_into_its_task_and_the_task_into_its_log() {
    let fake = Fake::default()
        .happened(service())
        .service("registry", Some(Running::default()), vec![task(Some(1), None), task(None, None)])
        .logs_to("registry:7", "registry", "prod", "quilt")
        .lines(
            "prod",
            "quilt/registry/4f",
            AT,
            &["begins", "password authentication failed for user hunter2hunter2"],
        );
    let found = look(&fake).await;
    assert_eq!(found.class, Some(Class::Environment));
    assert!(found.fix.unwrap().contains("database does not take the password"));
    let told = words::behind(&found);
    assert!(told.contains("stopped at 10:00:00 UTC: Essential container in task exited. Another one had stopped before it."), "{told}");
    assert!(told.contains("- Container registry ended with exit code 1."), "{told}");
    assert!(told.contains("    password authentication failed for user ***"), "{told}");
    assert!(told.contains("us-east-1.console.aws.amazon.com/cloudwatch/"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_looked_at_is_left_out() {
    let found = look(&Fake::default().happened(service())).await;
    assert!(found.first_cause.unwrap().starts_with("Registry (AWS::ECS::Service): "));
    assert_eq!((found.findings, found.class), (vec![], Some(Class::Quilt)));

    // The log alone is not to be read.
    let reason = "CannotPullContainerError: no route to host";
    let fake = Fake::default().happened(service()).service(
        "registry",
        None,
        vec![task(None, Some(reason))],
    );
    let found = look(&fake).await;
    assert_eq!(found.findings[0].details, [format!("Container registry: {reason}.")]);
    assert!(found.findings[0].link.as_ref().unwrap().contains("/ecs/v2/clusters/prod/tasks/4f/"));
    assert_eq!((found.findings[0].log.as_ref(), found.class), (None, Some(Class::Environment)));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_the_rollback_took_is_told_and_one_without_stopped_tasks_speaks_for_itself()
{
    let fake = Fake::default().happened(service()).service("registry", None, vec![]);
    let found = look(&fake).await;
    assert!(found.findings[0].what.contains("is gone"), "{found:?}");
    assert!(found.findings[0].details[0].contains("DO_NOTHING"));

    let said =
        Said { message: "(service registry) was unable to place a task".into(), created_at: 0.0 };
    let running =
        Running { desired_count: 2, running_count: 1, events: vec![said], ..Running::default() };
    let found =
        look(&Fake::default().happened(service()).service("registry", Some(running), vec![])).await;
    assert_eq!(
        found.findings[0].what,
        "The service registry says: (service registry) was unable to place a task."
    );
    assert_eq!(found.findings[0].details, ["1 of 2 tasks run."]);
}

const CUSTOM: &str = "Resources: {Migrate: {Type: 'AWS::Lambda::Function'}, Migration: {Type: 'Custom::Migration', Properties: {ServiceToken: !GetAtt Migrate.Arn}}}";

fn custom(reason: &str) -> Fake {
    let made = Event {
        reason: None,
        status: "CREATE_COMPLETE".into(),
        ..failed("Migrate", "AWS::Lambda::Function", "prod-migrate", "")
    };
    Fake::default().made_from("prod", CUSTOM).happened(made).happened(failed(
        "Migration",
        "Custom::Migration",
        "x",
        reason,
    ))
}

#[tokio::test(start_paused = true)]
async fn a_custom_resource_is_followed_into_the_log_of_its_function() {
    let stream = "2026/11/29/[$LATEST]0123456789abcdef0123456789abcdef";
    let named = format!("See the details in CloudWatch Log Stream: {stream}");
    let lines =
        ["START RequestId: 7", "Task timed out after 900.00 seconds", "REPORT RequestId: 7"];
    let fake = custom(&named).lines("/aws/lambda/prod-migrate", stream, AT, &lines);
    let found = look(&fake).await;
    let log = found.findings[0].log.clone().unwrap();
    assert_eq!((log.lines, log.stream.as_deref()), (vec![lines[1].to_string()], Some(stream)));
    assert_eq!(found.findings[0].what, "The function prod-migrate answers for Migration.");

    // A reason without the stream: what the group holds around that time.
    let found =
        look(&custom("it failed").lines("/aws/lambda/prod-migrate", "s", AT - 1000, &lines)).await;
    assert!(found.findings[0].log.as_ref().unwrap().lines.contains(&lines[1].to_string()));
    assert_eq!(look(&custom("it failed")).await.findings, []);
}

#[tokio::test(start_paused = true)]
async fn a_hook_is_told_with_its_remedy() {
    let mut event =
        failed("Data", "AWS::S3::Bucket", "", "The following hook(s) failed: [Acme::Hook]");
    event.hook = Some("h-1".into());
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
    let found = look(&Fake::default().happened(event.clone()).hooked("h-1", hook)).await;
    assert_eq!(found.findings[0].what, "The hook Acme::Hook refused it: 1 check failed.");
    assert_eq!(
        found.findings[0].details,
        ["Encryption (high): The bucket is not encrypted. Remedy: Set BucketEncryption."]
    );
    assert_eq!(look(&Fake::default().happened(event)).await.findings, []);
}

#[tokio::test(start_paused = true)]
async fn refused_calls_of_the_stacks_own_roles_are_told() {
    let role = Event {
        reason: None,
        status: "CREATE_COMPLETE".into(),
        ..failed("Role", "AWS::IAM::Role", "prod-Role-X", "")
    };
    let call = |role: &str| Refused {
        call: "secretsmanager:GetSecretValue".into(),
        code: "AccessDenied".into(),
        message: "not authorized with an explicit deny in a service control policy".into(),
        caller: format!("arn:aws:sts::1:assumed-role/{role}/task"),
        ..Refused::default()
    };
    let fake = Fake::default().happened(role).happened(service());
    let fake = fake.refuses(call("prod-Role-X")).refuses(call("prod-Role-X")).refuses(call("else"));
    let found = look(&fake).await;
    assert_eq!(
        found.findings[0].details,
        [
            "secretsmanager:GetSecretValue by prod-Role-X: not authorized with an explicit deny in a service control policy."
        ]
    );
    assert_eq!((found.class, found.fix), (Some(Class::Environment), Some(cure::REFUSED)));
}

/// A service, its task, the log of that, and a refused call, without the permission for one kind of call.
async fn without(call: &'static str) -> Diagnosis {
    let role = Event {
        reason: None,
        status: "CREATE_COMPLETE".into(),
        ..failed("Role", "AWS::IAM::Role", "prod-Role-X", "")
    };
    let refused = Refused {
        call: "secretsmanager:GetSecretValue".into(),
        message: "an explicit deny".into(),
        caller: "arn:aws:sts::1:assumed-role/prod-Role-X/task".into(),
        ..Refused::default()
    };
    let fake = Fake::default()
        .happened(role)
        .happened(service())
        .service("registry", Some(Running::default()), vec![task(Some(1), None)])
        .logs_to("registry:7", "registry", "prod", "quilt")
        .lines("prod", "quilt/registry/4f", AT, &["it ends here"])
        .refuses(refused);
    look(&fake.fail(call, crate::outcome::AwsErrorKind::Denied)).await
}

#[tokio::test(start_paused = true)]
async fn each_permission_that_is_missing_takes_away_what_it_is_for_and_nothing_else() {
    // What of a service's failure is told still: its task, the task's log, refused calls.
    for (call, task, log, refused) in [
        ("nothing", true, true, true),
        ("service", true, true, true),
        ("stopped", false, false, true),
        ("outputs", true, false, true),
        ("tail", true, false, true),
        ("parts", true, true, true),
        ("refused", true, true, false),
    ] {
        let found = without(call).await;
        let about = |about: About| found.findings.iter().find(|finding| finding.about == about);
        assert!(found.first_cause.as_ref().unwrap().contains("Circuit Breaker"), "{call}");
        assert_eq!(about(About::Task).is_some_and(|t| t.what.contains("stopped")), task, "{call}");
        assert_eq!(about(About::Task).is_some_and(|t| t.log.is_some()), log, "{call}");
        assert_eq!(about(About::RefusedCalls).is_some(), refused, "{call}");
        let told = words::behind(&found);
        assert!(!told.contains("as the test says"), "{call}: {told}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_custom_resource_and_a_hook_without_a_permission_are_told_with_the_rest() {
    let role = Event {
        reason: None,
        status: "CREATE_COMPLETE".into(),
        ..failed("Role", "AWS::IAM::Role", "prod-Role-X", "")
    };
    let refused = Refused {
        call: "rds:DescribeDBInstances".into(),
        caller: "arn:aws:sts::1:assumed-role/prod-Role-X/migrate".into(),
        code: "AccessDenied".into(),
        ..Refused::default()
    };
    let hook = || Hook { name: "Acme::Hook".into(), reason: None, notes: vec![] };
    for (call, expected) in [
        ("nothing", vec![About::Function, About::Hook, About::RefusedCalls]),
        ("search", vec![About::Function, About::Hook, About::RefusedCalls]),
        ("tail", vec![About::Function, About::Hook, About::RefusedCalls]),
        ("template", vec![About::Hook, About::RefusedCalls]),
        ("hook", vec![About::Function, About::RefusedCalls]),
        ("refused", vec![About::Function, About::Hook]),
    ] {
        let mut event = failed("Migration", "Custom::Migration", "x", "it failed");
        event.hook = Some("h-1".into());
        let made = Event {
            reason: None,
            status: "CREATE_COMPLETE".into(),
            ..failed("Migrate", "AWS::Lambda::Function", "prod-migrate", "")
        };
        let fake = Fake::default().made_from("prod", CUSTOM).happened(made).happened(role.clone());
        let fake = fake.happened(event).hooked("h-1", hook()).refuses(refused.clone());
        let fake = fake.lines("/aws/lambda/prod-migrate", "s", AT - 1000, &["ERROR no users"]);
        let found = look(&fake.fail(call, crate::outcome::AwsErrorKind::Denied)).await;
        let about: Vec<_> = found.findings.iter().map(|finding| finding.about).collect();
        assert_eq!(about, expected, "{call}");
        assert!(found.first_cause.unwrap().contains("it failed"), "{call}");
    }
    // Nothing of the log may be read: the rest is told.
    let found = look(&custom("it failed").refuses(refused).happened(role)).await;
    let about: Vec<_> = found.findings.iter().map(|finding| finding.about).collect();
    assert_eq!(about, [About::RefusedCalls]);
}
