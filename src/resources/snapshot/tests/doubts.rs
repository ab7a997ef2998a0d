//! What is not believed at once: that there is none, and that what has the name is ours.

use super::*;

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/k";

fn copied() -> SnapshotState {
    SnapshotState { copy_kms_key_id: known(KEY), delete_on_destroy: true.into(), ..named("mine") }
}

/// RDS does not show what it was just told to make.
#[tokio::test(start_paused = true)]
async fn one_that_was_just_begun_is_waited_for() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.fake.unseen(2);
    stage.apply(&named("mine")).await;
    assert_eq!(
        (stage.get().status, writes(&stage)),
        (known("available"), vec!["take mine old-db-1".to_string()])
    );
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
        (time::OffsetDateTime::now_utc() - time::Duration::minutes(minutes))
            .format(&time::format_description::well_known::Rfc3339)
            .ok()
    };
    let there = |minutes| {
        fake().snapshot(Snapshot { created_at: ago(minutes), ..held("mine", "owner", "available") })
    };
    let mut stage = Stage::of(SnapshotResource, there(230));
    stage.apply(&named("mine")).await;
    assert_eq!((stage.get().status, writes(&stage)), (known("available"), vec![]));
    assert!(refused(there(250), named("mine")).await.contains("took it at"));
    let timeouts = Value::Value(Timeouts { create: known("30m"), ..Timeouts::default() });
    assert!(
        refused(there(100), SnapshotState { timeouts, ..named("mine") })
            .await
            .contains("took it at")
    );
}

/// A copy of another snapshot, or a snapshot of its own, has the name: neither is taken over, tagged or deleted.
#[tokio::test(start_paused = true)]
async fn what_is_no_copy_of_this_one_is_refused() {
    let other = crate::quilt::snapshot::copy_mark(
        "owner",
        crate::aws::fake::ACCOUNT,
        "us-east-1",
        "arn:aws:rds:eu-west-1:123456789012:snapshot:mine",
        "mine-copy",
    );
    for mark in [None, Some(other)] {
        let mut theirs = Snapshot {
            created_at: Some("2100-01-01T00:00:00Z".into()),
            ..held("mine-copy", "owner", "available")
        };
        theirs.tags.extend(mark.map(|mark| (MARK.to_string(), mark)));
        let mut stage = Stage::of(SnapshotResource, fake().snapshot(theirs.clone()));
        stage.apply_in(&stage.fake.cx(), &copied()).await;
        assert!(
            stage.said.failed() && said(&stage).contains("did not take it as a copy of arn:"),
            "{}",
            said(&stage)
        );
        assert_eq!(
            (stage.fake.taken("mine-copy"), writes(&stage)),
            (Some(theirs), vec!["take mine old-db-1".to_string()])
        );
    }
}

/// An interrupted copy is taken over whatever its age; one of a former snapshot of the same name is not.
#[tokio::test(start_paused = true)]
async fn a_copy_of_this_very_one_is_taken_over() {
    for (source_at, copy_at, taken_over) in [
        ("2024-01-01T00:00:00Z", "2024-01-01T01:30:00Z", true),
        ("2024-02-01T00:00:00Z", "2024-01-01T01:30:00Z", false),
    ] {
        let mut stage = Stage::of(SnapshotResource, fake());
        stage.apply(&named("mine")).await;
        let source =
            Snapshot { created_at: Some(source_at.into()), ..stage.fake.taken("mine").unwrap() };
        let mark = crate::quilt::snapshot::copy_mark(
            "owner",
            crate::aws::fake::ACCOUNT,
            "us-east-1",
            &source.arn,
            "mine-copy",
        );
        let mut copy = Snapshot {
            created_at: Some(copy_at.into()),
            ..held("mine-copy", "owner", "available")
        };
        copy.tags.insert(MARK.into(), mark);
        stage.state.as_mut().unwrap().insert("created_at".into(), Tree::String(source_at.into()));
        stage.fake = stage.fake.clone().snapshot(source).snapshot(copy);
        stage.apply_in(&stage.fake.cx(), &copied()).await;
        assert_eq!(!stage.said.failed(), taken_over, "{}", said(&stage));
        assert_eq!(writes(&stage), ["take mine old-db-1"]);
    }
}

/// A state of an earlier release has no time of its copy, which has the mark of that release.
#[tokio::test(start_paused = true)]
async fn an_earlier_releases_copy_is_known_by_its_mark() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&copied()).await;
    let mut copy = stage.fake.taken("mine-copy").unwrap();
    copy.tags = held("mine-copy", "owner", "available").tags;
    stage.fake = stage.fake.clone().snapshot(copy);
    stage.state.as_mut().unwrap().insert("copy_created_at".into(), Tree::Null);
    stage.refresh().await;
    assert!(stage.get().copy_created_at.is_value());
    stage.destroy().await;
    assert!(stage.fake.taken("mine-copy").is_none());
}

/// The apply was interrupted; then somebody deleted the snapshot and took another one under its name.
#[tokio::test(start_paused = true)]
async fn an_interrupted_one_is_known_by_its_mark() {
    for refreshed in [false, true] {
        let mut stage = Stage::of(SnapshotResource, fake().looks(&[("creating", 40); 200]));
        let cx = stage.fake.cx();
        cx.stops_after(std::time::Duration::from_secs(60));
        let going = SnapshotState { delete_on_destroy: true.into(), ..named("mine") };
        stage.apply_in(&cx, &going).await;
        if refreshed {
            stage.refresh().await;
            assert_eq!(stage.get().status, known("creating"));
        }
        let state = stage.state.clone();
        let theirs = Snapshot {
            arn: stage.get().arn.as_deref_option().unwrap().into(),
            ..held("mine", "stranger", "available")
        };
        stage.fake = stage.fake.clone().snapshot(theirs.clone());
        stage.refresh().await;
        assert!(stage.state.is_none(), "{:?}", stage.state);
        stage.state = state;
        stage.destroy().await;
        assert_eq!(
            (stage.fake.taken("mine"), writes(&stage)),
            (Some(theirs.clone()), vec!["take mine old-db-1".to_string()])
        );
        stage.state = None;
        stage.apply_in(&stage.fake.cx(), &going).await;
        assert!(said(&stage).contains("did not take it"), "{}", said(&stage));
        assert_eq!(stage.fake.taken("mine"), Some(theirs));
    }
}

/// One of an earlier life, in which it was finished: a rehearsal's.
#[tokio::test(start_paused = true)]
async fn an_old_one_of_ours_is_never_taken_over_unasked() {
    let words = refused(fake().snapshot(held("mine", "owner", "available")), named("mine")).await;
    assert!(
        words.contains("took it at 2025-01-01")
            && words.contains("import {")
            && words.contains("another `snapshot_identifier`"),
        "{words}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_a_destroy_keeps_loses_its_mark() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&named("mine")).await;
    stage.destroy().await;
    assert!(stage.state.is_none() && !stage.fake.taken("mine").unwrap().tags.contains_key(MARK));
    assert!(refused_again(&mut stage).await.contains("did not take it"));
}

async fn refused_again(stage: &mut Stage) -> String {
    stage.apply_in(&stage.fake.cx(), &named("mine")).await;
    assert!(stage.said.failed() && stage.state.is_none(), "{}", said(stage));
    said(stage)
}

/// Somebody deleted ours and took another one under its name.
#[tokio::test(start_paused = true)]
async fn another_one_under_its_name_is_not_deleted() {
    for refreshed in [false, true] {
        let mut stage = Stage::of(SnapshotResource, fake());
        stage.apply(&SnapshotState { delete_on_destroy: true.into(), ..named("mine") }).await;
        let theirs = Snapshot {
            arn: stage.get().arn.as_deref_option().unwrap().into(),
            ..held("mine", "owner", "available")
        };
        stage.fake = stage.fake.clone().snapshot(theirs);
        if refreshed {
            stage.refresh().await;
        } else {
            stage.destroy().await;
            assert!(said(&stage).contains("somebody else's and stays"), "{}", said(&stage));
        }
        assert!(stage.state.is_none() && stage.fake.taken("mine").is_some_and(|s| s.available()));
        assert_eq!(writes(&stage), ["take mine old-db-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_is_left_alone() {
    let said = refused(fake().snapshot(held("mine", "stranger", "available")), named("mine")).await;
    assert!(
        said.starts_with("snapshot_identifier | A snapshot named mine exists already")
            && said.contains("import {"),
        "{said}"
    );
}

/// One that an earlier release imported has no mark: it is set before the deletion, and somebody else's is never given it.
#[tokio::test(start_paused = true)]
async fn what_is_deleted_is_marked_before() {
    let going = SnapshotState { delete_on_destroy: true.into(), ..named("mine") };
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&going).await;
    let bare = Snapshot { tags: Default::default(), ..stage.fake.taken("mine").unwrap() };
    stage.fake = stage.fake.clone().snapshot(bare.clone());
    let state = stage.state.clone();
    stage.destroy().await;
    let mark = mark("owner", crate::aws::fake::ACCOUNT, "us-east-1", "mine");
    assert_eq!(
        writes(&stage)[1..],
        [format!("tag {{\"{MARK}\": \"{mark}\"}} []"), "delete_snapshot mine".into()]
    );
    let theirs = Snapshot { created_at: Some("2025-01-01T00:00:00Z".into()), ..bare };
    (stage.state, stage.fake) = (state, stage.fake.clone().snapshot(theirs.clone()));
    stage
        .apply_in(
            &stage.fake.cx(),
            &SnapshotState { tags: Value::Value([("a".to_string(), known("1"))].into()), ..going },
        )
        .await;
    assert!(said(&stage).contains("did not take it"), "{}", said(&stage));
    assert_eq!(stage.fake.taken("mine"), Some(theirs));
}
