//! What is not believed at once: that there is none, and that what has the name is ours.

use super::*;

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/k";

fn copied() -> SnapshotState {
    SnapshotState { copy_kms_key_id: some(KEY), delete_on_destroy: true.into(), ..named("mine") }
}

/// RDS does not show what it was just told to make.
#[tokio::test(start_paused = true)]
async fn one_that_was_just_begun_is_waited_for() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.fake.unseen(2);
    stage.apply(&named("mine")).await;
    assert_eq!((stage.get().status, writes(&stage)), (some("available"), vec!["take mine old-db-1".to_string()]));
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.fake.unseen(1000);
    stage.apply_in(&stage.fake.cx(), &named("mine")).await;
    assert!(stage.said.failed() && said(&stage).contains("is gone"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn absence_is_believed_when_it_is_said_twice() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&copied()).await;
    let state = stage.get();
    stage.fake.unseen(1);
    stage.refresh().await;
    assert_eq!(stage.get(), state);
    stage.fake.unseen(1);
    stage.destroy().await;
    assert!(stage.state.is_none(), "{}", said(&stage));
    assert!(stage.fake.taken("mine").is_none() && stage.fake.taken("mine-copy").is_none());
    let kept = SnapshotState { delete_on_destroy: false.into(), ..named("mine") };
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&kept).await;
    stage.fake.unseen(1);
    stage.destroy().await;
    assert!(!stage.fake.taken("mine").unwrap().tags.contains_key(MARK));
}

/// Its creation was interrupted, and taking it lasted longer than an hour.
#[tokio::test(start_paused = true)]
async fn one_that_took_long_is_taken_over_within_the_creations_time() {
    use crate::resources::timeouts::Timeouts;
    let ago = |minutes| {
        (time::OffsetDateTime::now_utc() - time::Duration::minutes(minutes)).format(&time::format_description::well_known::Rfc3339).ok()
    };
    let there = |minutes| fake().snapshot(Snapshot { created_at: ago(minutes), ..held("mine", "owner", "available") });
    let mut stage = Stage::of(SnapshotResource, there(230));
    stage.apply(&named("mine")).await;
    assert_eq!((stage.get().status, writes(&stage)), (some("available"), vec![]));
    assert!(refused(there(250), named("mine")).await.contains("took it at"));
    let timeouts = Value::Value(Timeouts { create: some("30m"), ..Timeouts::default() });
    assert!(refused(there(100), SnapshotState { timeouts, ..named("mine") }).await.contains("took it at"));
}
