//! Nothing is believed too soon: answers that are older than a write, absence that is said once, a stack made anew under its name.

use super::*;
use crate::cloudformation::changes::{Progress, Proposal};

fn there(fake: Fake) -> (Fake, String) {
    let fake = fake.existing("prod", "CREATE_COMPLETE");
    let id = fake.stack("prod").unwrap().id;
    (fake, id)
}

async fn update(fake: &Fake, id: &str) -> Result<Stack> {
    let cx = fake.cx();
    Deploy::to(&cx, None).await?.update(id, LIMIT, async |_| Ok(Some(order()))).await
}

#[tokio::test(start_paused = true)]
async fn a_new_stack_that_is_not_shown_yet_is_waited_for() {
    for looks in [1, 2, 5, 40] {
        let fake =
            Fake::default().stale(looks, 0).script(&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]);
        let stack = create(&fake).await.unwrap();
        assert_eq!(
            (stack.status.as_str(), stack.id.ends_with("/1")),
            ("CREATE_COMPLETE", true),
            "{looks}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_ends_with_what_is_later_than_it() {
    for (looks, lists) in [(1, 0), (2, 1), (6, 3), (0, 4), (40, 40)] {
        let (fake, id) =
            there(Fake::default().stale(looks, lists).script(&["UPDATE_ROLLBACK_COMPLETE"]));
        let failed = text(update(&fake, &id).await.unwrap_err());
        assert!(failed.contains("UPDATE_ROLLBACK_COMPLETE"), "{looks}, {lists}: {failed}");
        let outputs = fake.outputs(&[("New", "1")]);
        let stack = update(&outputs, &id).await.unwrap();
        assert_eq!(stack.outputs.get("New").map(String::as_str), Some("1"), "{looks}, {lists}");
        assert_eq!(
            outputs.calls().iter().filter(|c| *c == "execute").count(),
            2,
            "{looks}, {lists}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_resource_is_waited_for_as_well() {
    let empty = || vec![Proposal { progress: Progress::Empty, changes: vec![] }];
    let (fake, id) = there(Fake::default().stale(3, 1).compares(empty()).outputs(&[("New", "1")]));
    assert!(update(&fake, &id).await.unwrap().outputs.contains_key("New"));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_ends_with_its_own_failure_or_with_the_stack() {
    let (fake, id) = there(Fake::default().stale(4, 1).script(&["DELETE_FAILED"]));
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let failed = text(deploy.delete(&id, &Removal::default(), LIMIT).await.unwrap_err());
    assert!(failed.contains("DELETE_FAILED"), "{failed}");
    deploy.delete(&id, &Removal::default(), LIMIT).await.unwrap();
    assert!(fake.stack("prod").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_goes_on_ends_with_its_own_end() {
    let (fake, id) = there(Fake::default().stale(3, 2).script(&["UPDATE_ROLLBACK_FAILED"]));
    fake.becomes("prod", "UPDATE_ROLLBACK_FAILED");
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let still =
        text(deploy.continue_rollback(&id, &Default::default(), None, LIMIT).await.unwrap_err());
    assert!(still.contains("continued and failed again"), "{still}");
    deploy.continue_rollback(&id, &Default::default(), None, LIMIT).await.unwrap();
    assert_eq!(fake.stack("prod").unwrap().status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn absence_is_believed_when_it_is_said_twice() {
    let (fake, id) = there(Fake::default());
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    assert!(deploy.find(&id).await.unwrap().is_some());
    let begun = tokio::time::Instant::now();
    assert!(
        fake.clone().absent(1).cx().aws(None).await.is_ok()
            && deploy.find(&id).await.unwrap().is_some()
    );
    assert!(begun.elapsed() >= Duration::from_secs(3));
    fake.clone().absent(1);
    deploy.delete(&id, &Removal::default(), LIMIT).await.unwrap();
    assert!(
        fake.calls().contains(&"delete".into()) && fake.stack("prod").is_none(),
        "{:?}",
        fake.calls()
    );
    assert_eq!(deploy.find(&id).await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn absence_under_way_is_no_end() {
    let (fake, id) = there(Fake::default().script(&[
        "UPDATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]));
    let (cx, late) = (fake.cx(), fake.clone());
    tokio::spawn(async move {
        let _ =
            tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>()).await;
        late.absent(1);
    });
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let stack = deploy.update(&id, LIMIT, async |_| Ok(Some(order()))).await.unwrap();
    assert_eq!(stack.status.as_str(), "UPDATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn a_stack_made_anew_under_the_name_is_not_touched() {
    for call in ["propose", "execute", "delete"] {
        let (fake, id) = there(Fake::default());
        let fake = fake.anew_before(call, "prod");
        let cx = fake.cx();
        let deploy = Deploy::to(&cx, None).await.unwrap();
        match call {
            "delete" => deploy.delete(&id, &Removal::default(), LIMIT).await.unwrap(),
            // By name first: what it was at the first look is what is changed.
            _ => {
                let e =
                    deploy.update("prod", LIMIT, async |_| Ok(Some(order()))).await.unwrap_err();
                assert!(text(e).contains("was deleted outside of Terraform"));
            }
        }
        let now = fake.stack("prod").unwrap();
        assert_eq!(
            (now.id.ends_with("/2"), now.status.as_str(), now.parameters.len()),
            (true, "CREATE_COMPLETE", 0),
            "{call}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn without_leave_to_read_events_changed_times_count_and_that_is_said() {
    let (fake, id) = there(
        Fake::default().stale(3, 0).outputs(&[("New", "1")]).fail("recent", AwsErrorKind::Denied),
    );
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let stack = deploy.update(&id, LIMIT, async |_| Ok(Some(order()))).await.unwrap();
    assert!(stack.outputs.contains_key("New"));
    let mut d = crate::tf::Diagnostics::default();
    cx.notes.hand_over(&mut d);
    assert_eq!(d.warnings.len(), 1);
    assert!(
        d.warnings[0].detail.contains("cloudformation:DescribeStackEvents"),
        "{:?}",
        d.warnings
    );
}

#[tokio::test(start_paused = true)]
async fn a_leftover_of_an_update_is_told() {
    let (fake, id) = there(Fake::default().leaves(
        "Data",
        "data-1",
        "The bucket you tried to delete is not empty",
    ));
    let cx = fake.cx();
    Deploy::to(&cx, None)
        .await
        .unwrap()
        .update(&id, LIMIT, async |_| Ok(Some(order())))
        .await
        .unwrap();
    let mut d = crate::tf::Diagnostics::default();
    cx.notes.hand_over(&mut d);
    assert_eq!(d.warnings[0].summary, "Stack prod left something behind");
    assert!(
        d.warnings[0].detail.contains("- data-1 Data: The bucket you tried to delete is not empty"),
        "{:?}",
        d.warnings
    );
}

#[tokio::test(start_paused = true)]
async fn a_bucket_is_emptied_within_the_limit() {
    let (fake, id) = there(
        Fake::default().part("prod", "Data", "AWS::S3::Bucket", "data").holds("data", usize::MAX),
    );
    let fake = fake.stands("prod", part_in_the_way());
    fake.becomes("prod", "DELETE_FAILED");
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let removal = Removal { empty_buckets: true, ..Removal::default() };
    let e = deploy.delete(&id, &removal, Duration::ZERO).await.unwrap_err();
    assert_eq!(
        e,
        Error::TooLong { doing: "the bucket data is being emptied".into(), limit: Duration::ZERO }
    );
}

fn part_in_the_way() -> crate::cloudformation::stack::Part {
    crate::cloudformation::stack::Part {
        logical_id: "Data".into(),
        kind: "AWS::S3::Bucket".into(),
        physical_id: "data".into(),
        status: "DELETE_FAILED".into(),
        reason: Some("The bucket you tried to delete is not empty".into()),
    }
}
