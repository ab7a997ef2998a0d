//! A rollback that goes on, and what is left alone.

use std::time::Duration;

use super::*;
use crate::actions::stage::{invoke, invoke_in};
use crate::aws::fake::Fake;
use crate::cloudformation::stack::Part;
use crate::tf::known;

fn config() -> ContinueRollbackConfig {
    ContinueRollbackConfig { stack_name: known("prod"), ..ContinueRollbackConfig::default() }
}

fn part(logical_id: &str, status: &str) -> Part {
    Part {
        logical_id: logical_id.into(),
        kind: "AWS::SQS::Queue".into(),
        physical_id: logical_id.to_lowercase(),
        status: status.into(),
        reason: Some("broken".into()),
    }
}

fn stuck() -> Fake {
    Fake::default()
        .existing("prod", "UPDATE_ROLLBACK_FAILED")
        .stands("prod", part("First", "UPDATE_COMPLETE"))
        .stands("prod", part("Second", "UPDATE_IN_PROGRESS"))
}

fn sent(fake: &Fake) -> Vec<String> {
    fake.calls().into_iter().filter(|call| call.starts_with("continue_rollback")).collect()
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_and_says_how_far_it_is() {
    let mut script = vec!["UPDATE_ROLLBACK_IN_PROGRESS"; 20];
    script.push("UPDATE_ROLLBACK_COMPLETE");
    let fake = stuck().script(&script);
    let skip = Set([String::from("Third")].into()).into();
    let done = invoke(
        &ContinueRollback,
        &fake,
        &ContinueRollbackConfig { resources_to_skip: skip, ..config() },
    )
    .await;
    assert_eq!(done.result(), "Stack prod is rolled back (UPDATE_ROLLBACK_COMPLETE)");
    assert_eq!(sent(&fake), ["continue_rollback Third"]);
    let counted = "the stack is being rolled back (UPDATE_ROLLBACK_IN_PROGRESS): 1 of 2 resources, now Second (";
    assert!(done.lines.iter().any(|line| line.starts_with(counted)), "{:?}", done.lines);
}

#[tokio::test(start_paused = true)]
async fn it_skips_all_by_force_and_not_by_name_as_well() {
    let forced = ContinueRollbackConfig { force_rollback: Value::Value(true), ..config() };
    let fake = stuck();
    let done = invoke(&ContinueRollback, &fake, &forced).await;
    assert_eq!(done.result(), "Stack prod is rolled back (UPDATE_ROLLBACK_COMPLETE)");
    assert_eq!(sent(&fake), ["continue_rollback (forced)"]);
    let both = ContinueRollbackConfig {
        resources_to_skip: Set([String::from("Third")].into()).into(),
        ..forced
    };
    let mut d = Diagnostics::default();
    ContinueRollback.validate(&both, &mut d);
    assert_eq!(d.errors[0].summary, "Two answers to one question");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_not_stuck_is_left_alone() {
    let fake = Fake::default().existing("prod", "UPDATE_COMPLETE");
    let done = invoke(&ContinueRollback, &fake, &config()).await;
    assert_eq!(done.result(), "Stack prod is not stuck (UPDATE_COMPLETE): nothing was done");
    assert_eq!(sent(&fake), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_again_names_what_it_could_not_restore() {
    let fake = stuck()
        .script(&["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
        .stands("prod", part("Third", "UPDATE_FAILED"));
    let done = invoke(&ContinueRollback, &fake, &config()).await;
    let told = done.errors();
    assert!(
        told.starts_with(
            "The rollback of prod was not finished\nThe rollback was continued and failed again"
        ),
        "{told}"
    );
    assert!(told.contains("Third (AWS::SQS::Queue): broken"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_it_and_the_next_one_waits_for_what_goes_on() {
    let fake = stuck().script(&["UPDATE_ROLLBACK_IN_PROGRESS"]);
    let cx = fake.cx();
    cx.stops_after(Duration::from_secs(30));
    let stopped = invoke_in(&ContinueRollback, cx, &config()).await;
    assert!(
        stopped.errors().starts_with("The rollback of prod was not finished: stopped"),
        "{}",
        stopped.errors()
    );
    fake.becomes("prod", "UPDATE_ROLLBACK_COMPLETE");
    let done = invoke(&ContinueRollback, &fake, &config()).await;
    assert_eq!(
        done.result(),
        "Stack prod is not stuck (UPDATE_ROLLBACK_COMPLETE): nothing was done"
    );
    assert_eq!(sent(&fake).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn its_time_is_limited() {
    let fake = stuck().script(&["UPDATE_ROLLBACK_IN_PROGRESS"]);
    let config = ContinueRollbackConfig { timeout: known("5m"), ..config() };
    let late = invoke(&ContinueRollback, &fake, &config).await;
    assert!(
        late.errors().starts_with("The rollback of prod was not finished in time\nAfter 5 min,"),
        "{}",
        late.errors()
    );
}
