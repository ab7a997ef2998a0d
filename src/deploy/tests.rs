//! The engine against an AWS in memory, with time at a standstill.

mod changes;
mod fresh;
mod protection;
mod usage;

use super::*;
use crate::aws::ecs::{Container, Task};
use crate::aws::fake::Fake;
use crate::cloudformation::stack::Template;
use crate::cloudformation::stack::{Event, Skip};

const LIMIT: Duration = Duration::from_secs(3 * 3600);

fn order() -> Order {
    Order { name: "prod".into(), template: Template::Body("{}".into()), ..Order::default() }
}

/// What is taken over gets the same as what is made.
async fn adopt(_: Stack) -> Result<Option<Order>> {
    Ok(Some(order()))
}

async fn create(fake: &Fake) -> Result<Stack> {
    let cx = fake.cx();
    Deploy::to(&cx, None).await?.create(&order(), LIMIT, (&Adoption::Open, adopt), |_| {}).await
}

fn begun(step: Step<'_>) -> Option<String> {
    match step {
        Step::Begun(id) | Step::Adopted(id) => Some(id.to_string()),
        Step::Complete => None,
    }
}

fn text(e: Error) -> String {
    match e {
        Error::Failed { state, next } => format!("{state}\n{next}"),
        e => e.to_string(),
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_creating_passes_in_no_time() {
    let mut statuses = vec!["CREATE_IN_PROGRESS"; 400];
    statuses.push("CREATE_COMPLETE");
    let stack = create(&Fake::default().script(&statuses)).await.unwrap();
    assert_eq!(stack.status.as_str(), "CREATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_names_the_first_cause() {
    let fake = Fake::default()
        .script(&["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"])
        .event("DB", "CREATE_FAILED", "DB subnet group needs two zones")
        .event("Topic", "CREATE_FAILED", "Resource creation cancelled");
    let text = text(create(&fake).await.unwrap_err());
    assert!(
        text.starts_with("CloudFormation rolled the creation back (ROLLBACK_COMPLETE).\nFirst cause: DB: DB subnet group needs two zones."),
        "{text}"
    );
    assert!(
        text.contains("https://us-east-1.console.aws.amazon.com/cloudformation/home"),
        "{text}"
    );
}

/// The rollback deletes the service, and with it what tells why its tasks stopped: it is looked at as soon as the rollback begins.
#[tokio::test(start_paused = true)]
async fn a_rollback_is_looked_into_while_it_has_only_begun() {
    let arn = "arn:aws:ecs:us-east-1:123456789012:service/prod/registry";
    let event = Event {
        logical_id: "Registry".into(),
        kind: "AWS::ECS::Service".into(),
        physical_id: arn.into(),
        status: "CREATE_FAILED".into(),
        reason: Some("ECS Deployment Circuit Breaker was triggered".into()),
        ..Event::default()
    };
    let container = Container { name: "registry".into(), exit_code: Some(3), reason: None };
    let task = Task { containers: vec![container], ..Task::default() };
    let fake = Fake::default()
        .script(&[
            "CREATE_IN_PROGRESS",
            "ROLLBACK_IN_PROGRESS",
            "ROLLBACK_IN_PROGRESS",
            "ROLLBACK_COMPLETE",
        ])
        .happened(event)
        .service("registry", None, vec![task]);
    let text = text(create(&fake).await.unwrap_err());
    assert!(
        text.contains("Circuit Breaker was triggered.\n\nThe newest task of the service stopped: "),
        "{text}"
    );
    assert!(text.contains("- Container registry ended with exit code 3."), "{text}");
    assert!(text.contains("Kind of cause: Quilt."), "{text}");
    let asked = fake.calls().iter().filter(|call| call.starts_with("stopped")).count();
    assert_eq!(asked, 1, "{:?}", fake.calls());
}

/// What is found wrong before anything is touched has no event of a resource.
#[tokio::test(start_paused = true)]
async fn what_validation_finds_is_the_cause() {
    let fake = || {
        let id =
            format!("arn:aws:cloudformation:us-east-1:{}:stack/prod/1", crate::aws::fake::ACCOUNT);
        let said = "Validation failed with 2 error(s). Call DescribeEvents to retrieve the full list of issues";
        Fake::default()
            .script(&["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE"])
            .own_event(&id, "CREATE_FAILED", said, "operation-1")
            .objects_to("Data", "It exists (/Resources/Data)")
            .objects_to("Logs", "It exists (/Resources/Logs)")
    };
    let told = fake();
    let text = text(create(&told).await.unwrap_err());
    let both = "First cause: Data (AWS::S3::Bucket): It exists (/Resources/Data)\nLogs (AWS::S3::Bucket): It exists (/Resources/Logs)\n";
    assert!(text.contains(both), "{text}");
    assert!(told.calls().contains(&"failures operation-1".to_string()), "{:?}", told.calls());
    let denied = fake().fail("failures", AwsErrorKind::Denied);
    let text = self::text(create(&denied).await.unwrap_err());
    assert!(
        text.contains("Validation failed with 2 error(s)")
            && text.contains("allow `cloudformation:DescribeEvents`"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_foreign_stack_is_refused_with_the_import_block() {
    let fake = Fake::default().existing("prod", "CREATE_COMPLETE");
    let text = text(create(&fake).await.unwrap_err());
    assert!(text.contains("did not begin it") && text.contains("id = \"prod\""), "{text}");
    assert!(!fake.calls().iter().any(|c| c.starts_with("update") || c.starts_with("delete")));
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_creation_of_ours_is_adopted() {
    let fake = Fake::default().script(&["CREATE_IN_PROGRESS"; 3]);
    let cx = fake.cx();
    cx.stop.cancel();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    assert!(matches!(
        deploy.create(&order(), LIMIT, (&Adoption::Open, adopt), |_| {}).await,
        Err(Error::Interrupted { .. })
    ));
    // Nothing was sent after the stop; now the creation is begun and its waiter lost.
    let token =
        token::ending(&token::creation("owner", crate::aws::fake::ACCOUNT, "us-east-1", "prod"));
    deploy.aws.stacks.create(&order(), &token).await.unwrap();
    let fake = fake.script(&["UPDATE_COMPLETE"]);
    let mut ids = vec![];
    let cx = fake.cx();
    let stack = Deploy::to(&cx, None)
        .await
        .unwrap()
        .create(&order(), Duration::from_secs(5), (&Adoption::Open, adopt), |step| {
            ids.extend(begun(step))
        })
        .await;
    assert!(matches!(stack, Err(Error::TooLong { .. })), "{stack:?}");
    assert_eq!(ids.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn remains_of_our_failed_creation_are_deleted_and_made_anew() {
    let fake = Fake::default().script(&["ROLLBACK_COMPLETE"]);
    assert!(create(&fake).await.is_err());
    let stack = create(&fake).await.unwrap();
    assert_eq!(stack.status.as_str(), "CREATE_COMPLETE");
    assert!(stack.id.ends_with("/2"), "{}", stack.id);
}

#[tokio::test(start_paused = true)]
async fn an_update_waits_for_the_operation_that_runs() {
    let fake = Fake::default().script(&[
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]);
    let id = create(&Fake::clone(&fake).script(&["UPDATE_COMPLETE"])).await;
    assert!(id.is_err(), "an update is no creation");
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let stack = deploy.update("prod", LIMIT, async |live: Stack| {
        assert!(live.status.settled());
        Ok(Some(order()))
    });
    assert_eq!(stack.await.unwrap().status.as_str(), "UPDATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn an_update_that_somebody_overtakes_is_asked_for_anew() {
    let fake = Fake::default().script(&[
        "CREATE_COMPLETE",
        "CREATE_COMPLETE",
        "UPDATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]);
    create(&fake).await.unwrap();
    let (fake, asked) = (fake.fail("propose", AwsErrorKind::State), std::sync::Mutex::new(vec![]));
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let update = deploy.update("prod", LIMIT, async |live: Stack| {
        asked.lock().unwrap().push(live.status.to_string());
        Ok(Some(order()))
    });
    assert_eq!(update.await.unwrap().status.as_str(), "UPDATE_COMPLETE");
    assert_eq!(*asked.lock().unwrap(), ["CREATE_COMPLETE", "UPDATE_COMPLETE"]);
    // Where nobody was quicker, AWS's answer stands.
    let cx = fake.fail("propose", AwsErrorKind::State).cx();
    let e = Deploy::to(&cx, None)
        .await
        .unwrap()
        .update("prod", LIMIT, async |_| Ok(Some(order())))
        .await
        .unwrap_err();
    assert_eq!(e.aws(), Some(AwsErrorKind::State));
}

#[tokio::test(start_paused = true)]
async fn a_failed_deletion_names_every_resource_that_is_left() {
    let fake = Fake::default()
        .script(&["CREATE_COMPLETE"])
        .script(&["DELETE_IN_PROGRESS", "DELETE_FAILED"])
        .event("Data", "DELETE_FAILED", "The bucket is not empty")
        .event("Audit", "DELETE_FAILED", "The bucket is not empty");
    let stack = create(&fake).await.unwrap();
    let cx = fake.cx();
    let text = text(
        Deploy::to(&cx, None)
            .await
            .unwrap()
            .delete(&stack.id, &Removal::default(), LIMIT)
            .await
            .unwrap_err(),
    );
    assert!(
        text.contains("Data: The bucket is not empty\nAudit: The bucket is not empty."),
        "{text}"
    );
}

#[test]
fn names_are_found_in_arns() {
    assert_eq!(name_of("arn:aws:cloudformation:eu-central-1:1:stack/prod/abc"), "prod");
    assert_eq!(name_of("prod"), "prod");
}

fn left(
    logical_id: &str,
    kind: &str,
    physical_id: &str,
    reason: &str,
) -> crate::cloudformation::stack::Part {
    let (logical_id, kind, physical_id) = (logical_id.into(), kind.into(), physical_id.into());
    crate::cloudformation::stack::Part {
        logical_id,
        kind,
        physical_id,
        status: "DELETE_FAILED".into(),
        reason: Some(reason.into()),
    }
}

fn deletions(fake: &Fake) -> Vec<String> {
    fake.calls()
        .into_iter()
        .filter(|c| ["delete", "clear"].iter().any(|call| c.starts_with(call)))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_may_be_done_about_a_failed_deletion_is_done_once_it_has_failed() {
    let fake = Fake::default().script(&["CREATE_COMPLETE"]);
    let fake = fake
        .script(&["DELETE_IN_PROGRESS", "DELETE_FAILED"])
        .script(&["DELETE_FAILED"])
        .script(&["DELETE_COMPLETE"]);
    let fake = fake
        .stands(
            "prod",
            left(
                "Data",
                "AWS::S3::Bucket",
                "data-1",
                "The bucket you tried to delete is not empty",
            ),
        )
        .holds("data-1", 2500);
    let fake = fake.stands("prod", left("Queue", "AWS::SQS::Queue", "q", "broken"));
    let stack = create(&fake).await.unwrap();
    let cx = fake.cx();
    let retain = ["Queue", "Never"].map(str::to_string).into();
    let removal = Removal { retain, empty_buckets: true, worded: true, ..Removal::default() };
    Deploy::to(&cx, None).await.unwrap().delete(&stack.id, &removal, LIMIT).await.unwrap();
    assert_eq!(
        deletions(&fake),
        [
            "delete",
            "clear data-1",
            "clear data-1",
            "clear data-1",
            "clear data-1",
            "delete",
            "delete Queue"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_deletion_is_told_with_the_words_for_the_next() {
    let fake = Fake::default().script(&["CREATE_COMPLETE"]).script(&["DELETE_FAILED"]);
    let fake = fake.stands("prod", left("Queue", "AWS::SQS::Queue", "q", "broken"));
    let stack = create(&fake).await.unwrap();
    let cx = fake.cx();
    let removal = Removal { worded: true, ..Removal::default() };
    let text = text(
        Deploy::to(&cx, None).await.unwrap().delete(&stack.id, &removal, LIMIT).await.unwrap_err(),
    );
    assert!(
        text.contains("retain_resources = [\"Queue\"]") && !text.contains("empty_buckets"),
        "{text}"
    );
    assert_eq!(deletions(&fake), ["delete"]);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_is_continued_where_it_is_stuck_and_nowhere_else() {
    let fake = Fake::default()
        .existing("prod", "UPDATE_ROLLBACK_FAILED")
        .script(&["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]);
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let skip = Skip::Named(["DB".to_string()].into());
    deploy.continue_rollback("prod", &skip, None, LIMIT).await.unwrap();
    deploy.continue_rollback("prod", &skip, None, LIMIT).await.unwrap();
    assert_eq!(
        fake.calls().iter().filter(|c| c.starts_with("continue")).collect::<Vec<_>>(),
        ["continue_rollback DB"]
    );
}
