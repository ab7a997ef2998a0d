//! What the command tells of failures of the past, in an AWS in memory: failed change sets, and stacks that are deleted.

use super::*;
use crate::aws::Regions;
use crate::aws::fake::Fake;
use crate::cloudformation::changes::{Progress, Proposal};
use crate::cloudformation::stack::{Event, Order};

/// What is said in words and as JSON.
async fn said(fake: &Fake, name: &str) -> (String, serde_json::Value) {
    let (stack, past) = look(&fake.cx(), name).await.unwrap();
    let json = serde_json::from_str(&json(&stack, &past).unwrap()).unwrap();
    (told(name, &stack, &past), json)
}

async fn refused(fake: &Fake, name: &str) -> String {
    look(&fake.cx(), name).await.unwrap_err().to_string()
}

/// A stack in this status with a change set that became this.
async fn proposed(status: &str, progress: Progress) -> Fake {
    let fake = Fake::default().existing("prod", status);
    let fake = fake.compares(vec![Proposal { progress, changes: vec![] }]);
    let (aws, id) = (fake.aws(None).await.unwrap(), fake.stack("prod").unwrap().id);
    aws.stacks.propose(&id, &Order::default(), "by-hand").await.unwrap();
    fake
}

fn impossible() -> Progress {
    Progress::Failed("Parameters: [Size] must have values".into())
}

#[tokio::test(start_paused = true)]
async fn a_failed_change_set_is_the_last_failure() {
    let (words, json) = said(&proposed("UPDATE_COMPLETE", impossible()).await, "prod").await;
    assert!(words.contains("A change set for the next one could not be made."), "{words}");
    assert!(words.contains("First cause: Parameters: [Size] must have values."), "{words}");
    assert_eq!((&json["failed"], &json["class"]), (&"change_set".into(), &"template".into()));
    assert_eq!(json["first_cause"], "Parameters: [Size] must have values");

    // Validation says where.
    let fake = proposed("UPDATE_COMPLETE", impossible()).await.objects_to("Data", "It exists");
    let (words, _) = said(&fake, "prod").await;
    assert!(words.contains("First cause: Data (AWS::S3::Bucket): It exists."), "{words}");

    let (words, _) = said(&proposed("REVIEW_IN_PROGRESS", impossible()).await, "prod").await;
    assert!(words.contains("Nothing was made of it yet"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_change_set_without_changes_or_of_before_the_operation_is_none() {
    let (words, json) = said(&proposed("UPDATE_COMPLETE", Progress::Empty).await, "prod").await;
    assert!(words.contains("Nothing failed"), "{words}");
    assert_eq!(json["failed"], serde_json::Value::Null);

    let failed = || async {
        let fake = proposed("UPDATE_ROLLBACK_COMPLETE", impossible()).await;
        fake.event("DB", "UPDATE_FAILED", "No capacity")
    };
    let (words, json) = said(&failed().await, "prod").await;
    assert!(words.contains("Its last update failed.\n\nFirst cause: DB: No capacity."), "{words}");
    assert_eq!(json["failed"], "update");
    // One that validation objected to since then.
    let later = Event { at: 60_000, ..validation() };
    let (words, json) = said(&failed().await.objects(later), "prod").await;
    assert!(words.contains("Since then a change set"), "{words}");
    assert_eq!(json["failed"], "change_set");
}

fn validation() -> Event {
    Event {
        logical_id: "Data".into(),
        status: "VALIDATION_FAILED".into(),
        reason: Some("It exists".into()),
        ..Event::default()
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_read_is_not_taken_for_nothing() {
    let fake = proposed("UPDATE_COMPLETE", impossible()).await;
    let (words, _) = said(&fake.fail("proposals", AwsErrorKind::Denied), "prod").await;
    assert!(words.contains("may not be read"), "{words}");
    let fake = Fake::default();
    fake.was_deleted("prod", 1);
    let (words, _) = said(&fake.fail("events", AwsErrorKind::Denied), "prod").await;
    assert!(words.contains("Whether something had failed before it was deleted"), "{words}");
}

/// Events of a stack that is deleted, oldest first.
fn life(fake: Fake, id: &str, statuses: &[&str]) -> Fake {
    let event = |(at, status): (usize, &&str)| {
        let (resource, status) = status.split_once(' ').unwrap_or((id, status));
        Event {
            logical_id: resource.into(),
            physical_id: resource.into(),
            status: status.into(),
            reason: status.ends_with("FAILED").then(|| format!("No room for {resource}")),
            at: at as i64,
            ..Event::default()
        }
    };
    fake.timeline(id, statuses.iter().enumerate().map(event).collect())
}

const DELETED: [&str; 2] = ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"];

#[tokio::test(start_paused = true)]
async fn a_deleted_stack_tells_what_it_was_before() {
    let made = ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "UPDATE_IN_PROGRESS"];
    let cases: [(&[&str], serde_json::Value); 6] = [
        (&["CREATE_IN_PROGRESS", "DB CREATE_FAILED", "ROLLBACK_COMPLETE"], "creation".into()),
        (&["CREATE_IN_PROGRESS", "DB CREATE_FAILED"], "creation".into()),
        (&["CREATE_IN_PROGRESS"], serde_json::Value::Null),
        (&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"], serde_json::Value::Null),
        (
            &[made[0], made[1], made[2], "DB UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE"],
            "update".into(),
        ),
        // A deletion that failed has come to pass since.
        (
            &[
                "CREATE_IN_PROGRESS",
                "CREATE_COMPLETE",
                DELETED[0],
                "Data DELETE_FAILED",
                "DELETE_FAILED",
            ],
            serde_json::Value::Null,
        ),
    ];
    for (before, failed) in cases {
        let fake = Fake::default();
        let id = fake.was_deleted("prod", 1);
        let fake = life(fake, &id, &[before, &DELETED].concat());
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        let (words, json) = said(&fake, &id).await;
        assert_eq!(json["failed"], failed, "{before:?}: {words}");
        assert_eq!(json["status"], "DELETE_COMPLETE");
        match failed.is_null() {
            true => assert!(words.contains("Nothing failed"), "{before:?}: {words}"),
            false => assert!(words.contains("DB: No room for DB."), "{before:?}: {words}"),
        }
        assert!(!words.contains("No stack of this name"), "{words}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_is_the_living_stacks_and_then_that_of_the_one_deleted_last() {
    let fake = Fake::default();
    let (newest, _) = (fake.was_deleted("prod", 9), fake.was_deleted("prod", 3));
    fake.was_deleted("other", 12);
    let (words, json) = said(&fake, "prod").await;
    assert_eq!(json["stack"], newest);
    assert!(words.contains("This is the one that was deleted last."), "{words}");

    let denied = refused(&fake.clone().fail("last_deleted", AwsErrorKind::Denied), "prod").await;
    assert!(denied.contains("allow cloudformation:ListStacks, or give its ARN"), "{denied}");
    let none = refused(&fake, "nothing").await;
    assert!(none.contains("none of this name was deleted in the last 90 days"), "{none}");

    let fake = fake.existing("prod", "CREATE_COMPLETE");
    let (words, json) = said(&fake, "prod").await;
    assert_eq!(json["status"], "CREATE_COMPLETE", "{words}");
}
