//! The copy of a snapshot: made, found again, deleted as the very one of the state.

use super::*;

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/k";

#[tokio::test(start_paused = true)]
async fn a_copy_is_made_found_again_and_deleted_with_it() {
    let copied = |key| SnapshotState {
        copy_kms_key_id: known(key),
        delete_on_destroy: true.into(),
        ..named("mine")
    };
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&copied(KEY)).await;
    let state = stage.get();
    assert_eq!((&state.copy_identifier, state.copy_arn.is_value()), (&known("mine-copy"), true));
    assert!(stage.fake.taken("mine-copy").unwrap().tags.contains_key(MARK));
    assert_eq!(stage.changes(&copied(KEY)).await, [""; 0]);
    stage.fake.lose("mine-copy");
    assert_eq!(
        stage.changes(&copied(KEY)).await,
        ["copy_arn", "copy_created_at", "copy_identifier"]
    );
    stage.apply(&copied(KEY)).await;
    stage.destroy().await;
    let copy = format!("copy mine-copy {KEY}");
    assert_eq!(
        writes(&stage),
        ["take mine old-db-1", &copy, &copy, "delete_snapshot mine-copy", "delete_snapshot mine"]
    );
}

/// Somebody deleted our copy and made another one under its name.
#[tokio::test(start_paused = true)]
async fn another_copy_under_its_name_is_not_deleted() {
    let copied = SnapshotState {
        copy_kms_key_id: known(KEY),
        delete_on_destroy: true.into(),
        ..named("mine")
    };
    for (owner, old_state) in [("owner", false), ("stranger", false), ("stranger", true)] {
        let mut stage = Stage::of(SnapshotResource, fake());
        stage.apply(&copied).await;
        let theirs = Snapshot {
            arn: stage.get().copy_arn.as_deref_option().unwrap().into(),
            ..held("mine-copy", owner, "available")
        };
        stage.fake = stage.fake.clone().snapshot(theirs.clone());
        if old_state {
            stage.state.as_mut().unwrap().insert("copy_created_at".into(), Tree::Null);
        }
        stage.destroy().await;
        assert!(
            stage.state.is_none()
                && said(&stage).contains("mine-copy in us-east-1 is somebody else's and stays"),
            "{}",
            said(&stage)
        );
        assert_eq!((stage.fake.taken("mine-copy"), stage.fake.taken("mine")), (Some(theirs), None));
    }
}

/// A state of an earlier release knows no time: the mark tells, and the next refresh notes the time.
#[tokio::test(start_paused = true)]
async fn a_copy_without_a_time_is_known_by_its_mark() {
    let copied = SnapshotState {
        copy_kms_key_id: known(KEY),
        delete_on_destroy: true.into(),
        ..named("mine")
    };
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&copied).await;
    let at = stage.get().copy_created_at;
    stage.state.as_mut().unwrap().insert("copy_created_at".into(), Tree::Null);
    stage
        .apply(&SnapshotState {
            tags: Value::Value([("a".to_string(), known("1"))].into()),
            ..copied
        })
        .await;
    stage.refresh().await;
    assert!(at.is_value() && stage.get().copy_created_at == at, "{:?}", stage.get());
    stage.destroy().await;
    assert!(stage.fake.taken("mine").is_none() && stage.fake.taken("mine-copy").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_former_copy_stays_and_that_is_said() {
    let copied = SnapshotState { copy_kms_key_id: known(KEY), ..named("mine") };
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&copied).await;
    stage.apply(&named("mine")).await;
    assert!(
        said(&stage).contains("former copy stays") && stage.fake.taken("mine-copy").is_some(),
        "{}",
        said(&stage)
    );
    assert_eq!((stage.get().copy_arn, stage.changes(&named("mine")).await), (Value::Null, vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_cannot_be_is_refused_at_its_attribute() {
    for (to, key, words) in [
        (known("eu-west-1"), Value::Null, "copy_to_region | The snapshot is encrypted"),
        (known("us-east-1"), Value::Null, "copy_to_region | The snapshot itself is in us-east-1"),
    ] {
        let said =
            refused(fake(), SnapshotState { copy_to_region: to, copy_kms_key_id: key, ..config() })
                .await;
        assert!(said.starts_with(words), "{said}");
    }
    let mut d = Diagnostics::default();
    let wrong = SnapshotState {
        copy_to_region: known("eu-west-1"),
        copy_kms_key_id: known(KEY),
        ..config()
    };
    Resource::validate(&SnapshotResource, &wrong, &mut d);
    assert_eq!(d.errors[0].attribute.to_string(), "copy_kms_key_id");
}
