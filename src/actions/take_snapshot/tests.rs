//! Snapshots that actions take.

use std::time::Duration;

use super::*;
use crate::actions::stage::{invoke, invoke_in};
use crate::aws::fake::{Fake, old_database};
use crate::tf::known;

fn prod(status: &str) -> Fake {
    Fake::default()
        .existing("prod", "UPDATE_COMPLETE")
        .part("prod", "DB", "AWS::RDS::DBInstance", "old-db-1")
        .instance(old_database(status))
}

fn config() -> TakeSnapshotConfig {
    TakeSnapshotConfig { stack_name: known("prod"), ..TakeSnapshotConfig::default() }
}

fn named(id: &str) -> TakeSnapshotConfig {
    TakeSnapshotConfig { snapshot_identifier: known(id), ..config() }
}

fn taken(fake: &Fake) -> Vec<String> {
    fake.calls().into_iter().filter(|call| call.starts_with("take ")).collect()
}

#[tokio::test(start_paused = true)]
async fn it_is_taken_and_waited_for() {
    let looks: Vec<_> = (0..20).map(|n| ("creating", n * 5)).collect();
    let fake = prod("available").looks(&looks);
    let done = invoke(&TakeSnapshot, &fake, &config()).await;
    assert!(done.result().starts_with("Snapshot old-db-1-20"), "{}", done.result());
    assert!(done.result().ends_with(" of old-db-1 is available"), "{}", done.result());
    assert_eq!(taken(&fake).len(), 1);
    assert!(
        done.lines.iter().any(|line| line.contains(" is being taken (45 %)")
            || line.contains(" is being taken (50 %)")),
        "{:?}",
        done.lines
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_of_its_own_is_taken_once() {
    let fake = prod("backing-up");
    for _ in 0..2 {
        let done = invoke(&TakeSnapshot, &fake, &named("before-2")).await;
        assert_eq!(done.result(), "Snapshot before-2 of old-db-1 is available");
    }
    let answers = taken(&fake);
    assert_eq!(answers.len(), 2, "the database was busy at first: {answers:?}");
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_one_is_gone_on_with() {
    let looks: Vec<_> = (0..30).map(|n| ("creating", n)).collect();
    let fake = prod("available").looks(&looks);
    let cx = fake.cx();
    cx.stops_after(Duration::from_secs(20));
    let stopped = invoke_in(&TakeSnapshot, cx, &config()).await;
    assert!(
        stopped.errors().starts_with("The snapshot of prod was not finished: stopped"),
        "{}",
        stopped.errors()
    );
    let done = invoke(&TakeSnapshot, &fake, &config()).await;
    assert!(done.result().ends_with("is available"), "{}", done.result());
    assert_eq!(taken(&fake).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_snapshot_is_left_alone() {
    let theirs = Snapshot {
        id: "before-2".into(),
        instance: "old-db-1".into(),
        status: "available".into(),
        ..Snapshot::default()
    };
    let fake = prod("available").snapshot(theirs);
    let refused = invoke(&TakeSnapshot, &fake, &named("before-2")).await;
    assert_eq!(refused.d.errors[0].attribute.to_string(), "snapshot_identifier");
    assert_eq!(taken(&fake), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_list_takes_another_one() {
    let fake = prod("available").fail("snapshots", AwsErrorKind::Denied);
    assert!(invoke(&TakeSnapshot, &fake, &config()).await.result().ends_with("is available"));
}

#[test]
fn what_is_wrong_is_told_at_its_argument() {
    let mut d = Diagnostics::default();
    Action::validate(&TakeSnapshot, &TakeSnapshotConfig::default(), &mut d);
    let both = TakeSnapshotConfig { db_instance_identifier: known("old-db-1"), ..config() };
    Action::validate(&TakeSnapshot, &both, &mut d);
    Action::validate(&TakeSnapshot, &named("Not valid"), &mut d);
    assert_eq!(d.errors.len(), 3, "{:?}", d.errors);
}
