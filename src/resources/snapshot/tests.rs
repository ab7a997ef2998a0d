//! The life of a `quilt_snapshot` against an AWS in memory.

use super::*;
use crate::aws::fake::{Fake, old_database};
use crate::outcome::AwsErrorKind;
use crate::quilt::snapshot::{Snapshot, mark};
use crate::tf::{Object, State, Tree, known};

mod copies;
mod doubts;

type Stage = crate::resources::stage::Stage<SnapshotResource>;

fn fake() -> Fake {
    Fake::default()
        .existing("old", "CREATE_COMPLETE")
        .part("old", "DB", "AWS::RDS::DBInstance", "old-db-1")
        .instance(old_database("available"))
}

fn config() -> SnapshotState {
    SnapshotState { stack_name: known("old"), ..SnapshotState::default() }
}

fn named(id: &str) -> SnapshotState {
    SnapshotState { snapshot_identifier: known(id), ..config() }
}

/// A snapshot of the instance that is there already, marked by `owner`.
fn held(id: &str, owner: &str, status: &str) -> Snapshot {
    let mark = mark(owner, crate::aws::fake::ACCOUNT, "us-east-1", id);
    Snapshot {
        id: id.into(),
        arn: "arn:aws:rds:us-east-1:123456789012:snapshot:held".into(),
        instance: "old-db-1".into(),
        status: status.into(),
        kind: "manual".into(),
        facts: old_database("available").facts,
        created_at: Some("2025-01-01T00:00:00Z".into()),
        tags: [(MARK.to_string(), mark)].into(),
        ..Snapshot::default()
    }
}

fn said(stage: &Stage) -> String {
    let all = stage.said.errors.iter().chain(&stage.said.warnings);
    all.map(|x| format!("{} | {} | {}\n", x.attribute, x.summary, x.detail)).collect()
}

fn writes(stage: &Stage) -> Vec<String> {
    stage
        .fake
        .calls()
        .into_iter()
        .filter(|c| {
            ["take", "copy", "delete_snapshot", "tag"].contains(&c.split(' ').next().unwrap())
        })
        .collect()
}

async fn refused(fake: Fake, config: SnapshotState) -> String {
    let mut stage = Stage::of(SnapshotResource, fake);
    stage.apply_in(&stage.fake.cx(), &config).await;
    assert!(
        stage.said.failed() && stage.state.is_none() && writes(&stage).is_empty(),
        "{:?}",
        stage.said
    );
    said(&stage)
}

#[tokio::test(start_paused = true)]
async fn what_will_be_in_it_is_known_at_plan() {
    let planned = Stage::of(SnapshotResource, fake()).plan(&config()).await.state.unwrap();
    let planned = SnapshotState::read_object(&planned, &AttributePath::root()).unwrap();
    assert_eq!(
        (&planned.db_instance_identifier, &planned.engine_version),
        (&known("old-db-1"), &known("15.12"))
    );
    assert_eq!(
        (&planned.username, planned.allocated_storage, planned.encrypted),
        (&known("root"), 100.into(), true.into())
    );
    assert!(
        planned.id.as_deref_option().is_some_and(|id| id.starts_with("old-db-1-")),
        "{:?}",
        planned.id
    );
    assert_eq!((planned.status, planned.created_at), (Value::Unknown, Value::Unknown));
}

#[tokio::test(start_paused = true)]
async fn taken_waited_for_read_and_kept() {
    let mut stage = Stage::of(
        SnapshotResource,
        fake().looks(&[("creating", 0), ("creating", 40), ("available", 100)]),
    );
    let tagged =
        SnapshotState { tags: Value::Value([("a".to_string(), known("1"))].into()), ..config() };
    stage.apply(&tagged).await;
    let state = stage.get();
    assert_eq!(
        (&state.status, &state.snapshot_type, state.kms_key_id),
        (&known("available"), &known("manual"), known("arn:key"))
    );
    assert_eq!(state.tags_all, tagged.tags);
    assert_eq!(stage.changes(&tagged).await, [""; 0]);
    stage.destroy().await;
    assert!(stage.state.is_none() && said(&stage).contains("stays in AWS"));
    assert!(stage.fake.taken(state.id.as_deref_option().unwrap()).is_some());
}

#[tokio::test(start_paused = true)]
async fn deleted_when_told() {
    let mut stage = Stage::of(SnapshotResource, fake());
    let going = SnapshotState { delete_on_destroy: true.into(), ..named("mine") };
    stage.apply(&going).await;
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.taken("mine").is_none());
    assert_eq!(writes(&stage), ["take mine old-db-1", "delete_snapshot mine"]);
}

#[tokio::test(start_paused = true)]
async fn tags_change_in_place_and_the_source_replaces() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&named("mine")).await;
    let tagged = SnapshotState {
        tags: Value::Value([("a".to_string(), known("1"))].into()),
        ..named("mine")
    };
    stage.apply(&tagged).await;
    stage.apply(&named("mine")).await;
    assert_eq!(writes(&stage), ["take mine old-db-1", "tag {\"a\": \"1\"} []", "tag {} [\"a\"]"]);
    assert!(stage.fake.taken("mine").unwrap().tags.contains_key(MARK));
    assert_eq!(stage.changes(&named("mine")).await, [""; 0]);
    for other in [SnapshotState { stack_name: known("other"), ..named("mine") }, named("other")] {
        assert_eq!(stage.plan(&other).await.replace.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_source_may_go_afterwards() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&config()).await;
    let (state, private) = (stage.state.take(), stage.private.clone());
    let mark = stage
        .fake
        .taken(
            SnapshotState::read_object(state.as_ref().unwrap(), &AttributePath::root())
                .unwrap()
                .id
                .as_deref_option()
                .unwrap(),
        )
        .unwrap();
    let mut later = Stage::of(
        SnapshotResource,
        Fake::default().snapshot(Snapshot { status: "available".into(), ..mark }),
    );
    (later.state, later.private) = (state, private);
    assert_eq!(later.changes(&config()).await, [""; 0]);
}

/// Stops while the snapshot is being taken, and goes on.
#[tokio::test(start_paused = true)]
async fn a_stop_leaves_it_to_the_next_apply() {
    let mut stage = Stage::of(SnapshotResource, fake().looks(&[("creating", 40); 200]));
    let cx = stage.fake.cx();
    cx.stops_after(std::time::Duration::from_secs(60));
    stage.apply_in(&cx, &named("mine")).await;
    assert!(
        !stage.said.failed() && said(&stage).contains("the snapshot mine is being taken (40 %)"),
        "{}",
        said(&stage)
    );
    assert_eq!(stage.get().status, known("creating"));
    assert_eq!(stage.get().arn, known("arn:aws:rds:us-east-1:123456789012:snapshot:mine"));
    stage.refresh().await;
    stage.apply(&named("mine")).await;
    assert_eq!(stage.get().status, known("available"));
    assert_eq!(writes(&stage), ["take mine old-db-1"]);
    assert_eq!(stage.changes(&named("mine")).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_state_finds_its_snapshot_again() {
    let mut stage = Stage::of(SnapshotResource, fake());
    stage.apply(&config()).await;
    stage.state = None;
    stage.apply(&config()).await;
    assert_eq!(writes(&stage).len(), 1);
    assert!(
        said(&stage).contains("is taken over") && said(&stage).contains("it was taken at"),
        "{}",
        said(&stage)
    );
    assert!(
        said(&stage).contains("calls `adopted` inconsistent")
            && said(&stage).contains("Plan again"),
        "{}",
        said(&stage)
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_failed_is_taken_anew() {
    let mut stage = Stage::of(SnapshotResource, fake().snapshot(held("mine", "owner", "failed")));
    stage.apply(&named("mine")).await;
    assert_eq!(writes(&stage), ["delete_snapshot mine", "take mine old-db-1"]);
    assert_eq!(stage.get().status, known("available"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_while_it_is_taken() {
    let mut stage = Stage::of(SnapshotResource, fake().looks(&[("creating", 10), ("failed", 10)]));
    stage.apply_in(&stage.fake.cx(), &named("mine")).await;
    assert!(
        stage.said.failed() && said(&stage).contains("RDS could not take it"),
        "{}",
        said(&stage)
    );
}

#[tokio::test(start_paused = true)]
async fn bad_sources_are_refused_at_their_attribute() {
    let at = |said: String, attribute: &str, words: &str| {
        assert!(said.starts_with(&format!("{attribute} | ")) && said.contains(words), "{said}");
    };
    at(
        refused(fake(), SnapshotState { stack_name: known("nope"), ..config() }).await,
        "stack_name",
        "no stack nope in us-east-1",
    );
    let without = Fake::default().existing("old", "CREATE_COMPLETE");
    at(refused(without, config()).await, "stack_name", "makes no database");
    let by_id = SnapshotState {
        stack_name: Value::Null,
        db_instance_identifier: known("nope"),
        ..config()
    };
    at(refused(fake(), by_id).await, "db_instance_identifier", "no database instance nope");
}

#[tokio::test(start_paused = true)]
async fn a_busy_database_is_waited_for_and_a_stopped_one_told() {
    let busy = |status: &str| fake().instance(old_database(status));
    let mut stage = Stage::of(SnapshotResource, busy("backing-up"));
    stage.apply(&named("mine")).await;
    assert_eq!(writes(&stage).len(), 2);
    let mut stage = Stage::of(SnapshotResource, busy("stopped"));
    stage.apply_in(&stage.fake.cx(), &named("mine")).await;
    assert!(said(&stage).contains("The database old-db-1 is stopped"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_full_quota_says_what_to_do() {
    let mut stage = Stage::of(SnapshotResource, fake().fail("take", AwsErrorKind::Quota));
    stage.apply_in(&stage.fake.cx(), &named("mine")).await;
    assert!(said(&stage).contains("Service Quotas"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_look_that_is_not_allowed_is_a_warning() {
    let mut stage = Stage::of(SnapshotResource, fake().fail("instance", AwsErrorKind::Denied));
    let planned = stage.plan(&config()).await.state.unwrap();
    assert!(!stage.said.failed() && said(&stage).contains("was not checked"), "{}", said(&stage));
    assert_eq!(planned["engine_version"], Tree::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_changed_since_the_plan_is_refused() {
    let mut stage = Stage::of(SnapshotResource, fake());
    let planned = stage.plan(&named("mine")).await;
    let mut upgraded = old_database("available");
    upgraded.facts.engine_version = "15.15".into();
    let fake = stage.fake.clone().instance(upgraded);
    let planned =
        SnapshotState::read_object(&planned.state.unwrap(), &AttributePath::root()).unwrap();
    let e = Resource::create(&SnapshotResource, &fake.cx(), planned, &mut Kept::new(()))
        .await
        .unwrap_err();
    assert!(
        e.to_string().contains("changed after the plan was made") && writes(&stage).is_empty(),
        "{e}"
    );
}

#[tokio::test(start_paused = true)]
async fn imports() {
    let taken = fake().snapshot(held("mine", "stranger", "available"));
    for id in ["mine", "arn:aws:rds:us-east-1:123456789012:snapshot:mine"] {
        let mut stage = Stage::of(SnapshotResource, taken.clone());
        stage.import(id).await;
        let by_id = SnapshotState {
            stack_name: Value::Null,
            db_instance_identifier: known("old-db-1"),
            ..named("mine")
        };
        assert_eq!(stage.changes(&by_id).await, [""; 0]);
        assert_eq!(stage.changes(&named("mine")).await, ["stack_name"]);
        stage.apply(&named("mine")).await;
        // From its first apply on it is marked, so that the policy lets it be deleted.
        let mark = mark("owner", crate::aws::fake::ACCOUNT, "us-east-1", "mine");
        assert_eq!(
            (writes(&stage), stage.changes(&named("mine")).await),
            (vec![format!("tag {{\"{MARK}\": \"{mark}\"}} []")], vec![])
        );
    }
    for (id, words) in [("rds:old-2026", "automatic"), ("nope", "no snapshot nope")] {
        let mut stage = Stage::of(SnapshotResource, taken.clone());
        stage.import(id).await;
        assert!(stage.state.is_none() && said(&stage).contains(words), "{}", said(&stage));
    }
}

#[test]
fn configurations_are_checked_offline() {
    let check = |config: SnapshotState| {
        let mut d = Diagnostics::default();
        Resource::validate(&SnapshotResource, &config, &mut d);
        d.errors.iter().map(|e| format!("{} | {}", e.attribute, e.detail)).collect::<String>()
    };
    assert_eq!(check(named("mine")), "");
    assert!(check(SnapshotState::default()).contains("Set `stack_name`"));
    assert!(
        check(SnapshotState { db_instance_identifier: known("a"), ..config() })
            .contains("Not both")
    );
    assert!(check(named("rds:a")).contains("automatic"));
    assert!(check(named("Mine")).starts_with("snapshot_identifier"));
    let _: Object = config().write_object();
}
