//! The life of a `quilt_database` against an AWS in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::resource::Resource;
use crate::quilt::database::{Facts, Instance};
use crate::quilt::snapshot::Snapshot;
use crate::tf::{AttributePath, Report, State, Tree, known};

mod protection;

type Stage = crate::resources::stage::Stage<DatabaseResource>;

fn facts(version: &str) -> Facts {
    let (engine, engine_version, username) = ("postgres".into(), version.into(), "keeper".into());
    Facts {
        engine,
        engine_version,
        username,
        allocated_storage: 200,
        encrypted: true,
        kms_key_id: Some("arn:key".into()),
    }
}

const OUTPUTS: [(&str, &str); 7] = [
    ("TemplateVersion", "1"),
    ("InstanceIdentifier", "new-db"),
    ("InstanceArn", "arn:db"),
    ("Endpoint", "new-db.example.com"),
    ("Port", "5432"),
    ("PasswordSecretArn", "arn:secret"),
    ("AccessorSecurityGroupId", "sg-1"),
];

/// An AWS whose database stacks are complete at once and hold an instance of `username`.
fn fake(username: &str) -> Fake {
    let facts =
        Facts { username: username.into(), engine_version: "15.18".into(), ..facts("15.18") };
    let (id, status) = ("new-db".into(), "available".into());
    let fake = Fake::default().part("prod-database", "DB", "AWS::RDS::DBInstance", "new-db");
    fake.outputs(&OUTPUTS).instance(Instance {
        id,
        status,
        database_name: "quilt".into(),
        facts,
        ..Instance::default()
    })
}

fn holding(version: &str) -> Fake {
    let snapshot = |id: &str| Snapshot {
        id: id.into(),
        status: "available".into(),
        facts: facts(version),
        ..Snapshot::default()
    };
    fake("keeper").snapshot(snapshot("before")).snapshot(snapshot("other"))
}

fn network(vpc: &str) -> Value<DatabaseNetwork> {
    DatabaseNetwork {
        vpc_id: known(vpc),
        intra_subnet_ids: vec![known("subnet-1"), known("subnet-2")].into(),
        ipv6: true.into(),
    }
    .into()
}

fn config() -> DatabaseState {
    DatabaseState {
        name: known("prod"),
        network: network("vpc-1"),
        enable_deletion_protection: false.into(),
        enable_termination_protection: false.into(),
        ..DatabaseState::default()
    }
}

fn from(id: &str) -> DatabaseState {
    DatabaseState { snapshot_identifier: known(id), ..config() }
}

fn said(stage: &Stage) -> String {
    let all = stage.said.errors.iter().chain(&stage.said.warnings);
    all.map(|x| format!("{} | {} | {}\n", x.attribute, x.summary, x.detail)).collect()
}

fn sent(stage: &Stage, name: &str) -> String {
    stage.fake.stack("prod-database").unwrap().parameters[name].clone()
}

async fn made(fake: Fake, config: &DatabaseState) -> Stage {
    let mut stage = Stage::of(DatabaseResource::default(), fake);
    stage.apply(config).await;
    stage
}

async fn refused(fake: Fake, config: DatabaseState, at: &str, words: &str) {
    let mut stage = Stage::of(DatabaseResource::default(), fake);
    stage.apply_in(&stage.fake.cx(), &config).await;
    assert!(
        said(&stage).starts_with(&format!("{at} | ")) && said(&stage).contains(words),
        "{}",
        said(&stage)
    );
    assert!(!stage.fake.calls().iter().any(|c| c.starts_with("create ")) && stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_new_database() {
    let mut stage = made(fake("root"), &config()).await;
    let state = stage.get();
    assert_eq!(
        (state.username, state.database_name, state.engine_version),
        (known("root"), known("quilt"), known("15.18"))
    );
    assert_eq!(
        (state.endpoint, state.port, state.network_type),
        (known("new-db.example.com"), 5432.into(), known("DUAL"))
    );
    let all = [
        "Vpc",
        "Subnets",
        "AllocatedStorage",
        "StorageEncrypted",
        "Username",
        "SnapshotIdentifier",
    ]
    .map(|name| sent(&stage, name));
    assert_eq!(all, ["vpc-1", "subnet-1,subnet-2", "100", "true", "root", ""]);
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    stage.apply(&DatabaseState { instance_class: known("db.t3.medium"), ..config() }).await;
    assert_eq!(sent(&stage, "InstanceClass"), "db.t3.medium");
    assert!(
        stage
            .fake
            .calls()
            .iter()
            .any(|c| c.starts_with("propose ") && c.contains("SnapshotIdentifier=previous value"))
    );
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.stack("prod-database").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_restored_one_keeps_the_snapshots_user_and_size() {
    let mut stage = made(holding("15.12"), &from("before")).await;
    assert_eq!(
        (stage.get().username, stage.get().allocated_storage),
        (known("keeper"), 200.into())
    );
    assert_eq!(
        (sent(&stage, "SnapshotIdentifier"), sent(&stage, "Username")),
        ("before".into(), "keeper".into())
    );
    assert_eq!(stage.changes(&from("before")).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_later_word_about_the_snapshot_changes_nothing() {
    let mut stage = made(holding("15.12"), &from("before")).await;
    for later in [from("other"), config()] {
        assert_eq!(stage.changes(&later).await, [""; 0]);
        assert!(said(&stage).contains("keeps its data"), "{}", said(&stage));
    }
    assert_eq!(sent(&stage, "SnapshotIdentifier"), "before");
    let mut fresh = made(fake("root"), &config()).await;
    fresh.plan(&from("before")).await;
    assert!(
        said(&fresh).starts_with("snapshot_identifier | The database exists already"),
        "{}",
        said(&fresh)
    );
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_the_same_apply_is_planned_with_its_facts() {
    let whole = DatabaseSnapshot {
        id: known("before"),
        engine: known("postgres"),
        engine_version: known("15.12"),
        username: known("keeper"),
        allocated_storage: 200.into(),
        encrypted: true.into(),
    };
    let config = DatabaseState { snapshot: whole.into(), ..config() };
    let planned =
        Stage::of(DatabaseResource::default(), fake("keeper")).plan(&config).await.state.unwrap();
    let planned = DatabaseState::read_object(&planned, &AttributePath::root()).unwrap();
    assert_eq!(
        (planned.username, planned.allocated_storage, planned.snapshot_identifier),
        (known("keeper"), 200.into(), known("before"))
    );
    let mut stage = made(holding("15.12"), &config).await;
    assert_eq!(stage.changes(&config).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_restored_is_refused_at_its_attribute() {
    refused(holding("11.19"), from("before"), "engine_version", "to 11.22 first").await;
    refused(holding("15.12"), from("nope"), "snapshot_identifier", "no snapshot nope").await;
    let small = DatabaseState { allocated_storage: 100.into(), ..from("before") };
    refused(holding("15.12"), small, "allocated_storage", "Write 200 or more").await;
    let mysql = Snapshot {
        id: "before".into(),
        facts: Facts { engine: "mysql".into(), ..facts("8.0") },
        ..Snapshot::default()
    };
    refused(fake("keeper").snapshot(mysql), from("before"), "snapshot_identifier", "no PostgreSQL")
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_way_that_may_not_be_looked_at_is_no_obstacle() {
    let denied = crate::outcome::AwsErrorKind::Denied;
    let stage =
        made(holding("15.12").fail("upgrades", denied).fail("upgrades", denied), &from("before"))
            .await;
    assert_eq!(sent(&stage, "SnapshotIdentifier"), "before");
    assert!(said(&stage).contains("was not checked"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn nothing_replaces_the_instance() {
    let mut stage = made(fake("root"), &config()).await;
    for (config, at) in [
        (DatabaseState { network: network("vpc-2"), ..config() }, "network"),
        (DatabaseState { kms_key_id: known("arn:other"), ..config() }, "kms_key_id"),
        (DatabaseState { allocated_storage: 50.into(), ..config() }, "allocated_storage"),
    ] {
        let planned = stage.plan(&config).await;
        assert!(said(&stage).starts_with(at) && planned.replace.is_empty(), "{}", said(&stage));
    }
}

#[tokio::test(start_paused = true)]
async fn one_whose_deletion_failed_is_not_made_anew_unasked() {
    let mut stage =
        made(fake("root").script(&["CREATE_COMPLETE"]).script(&["DELETE_FAILED"]), &config()).await;
    stage.destroy().await;
    stage.refresh().await;
    let planned = stage.plan(&config()).await;
    assert!(
        !stage.said.failed() && planned.state == stage.state && planned.replace.is_empty(),
        "{}",
        said(&stage)
    );
    assert_eq!(stage.said.warnings[0].summary, "Database prod is half deleted");
    let planned = stage
        .plan(&DatabaseState { instance_class: "db.t3.large".to_string().into(), ..config() })
        .await;
    assert!(said(&stage).starts_with("name | ") && planned.replace.is_empty(), "{}", said(&stage));
    assert!(said(&stage).contains("`-refresh=false`"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_it_to_the_next_apply() {
    let mut stage =
        Stage::of(DatabaseResource::default(), fake("root").script(&["CREATE_IN_PROGRESS"; 200]));
    let cx = stage.fake.cx();
    cx.stops_after(std::time::Duration::from_secs(60));
    stage.apply_in(&cx, &config()).await;
    assert!(!stage.said.failed() && said(&stage).contains("not finished"), "{}", said(&stage));
    let waiting = stage.plan(&config()).await.state.unwrap();
    assert_eq!(waiting["endpoint"], Tree::Unknown);
}

#[tokio::test(start_paused = true)]
async fn imports() {
    let mut stage = made(fake("root"), &config()).await;
    let literal = DatabaseNetwork { ipv6: Value::Null, ..network("vpc-1").unwrap() };
    stage.import("prod").await;
    assert_eq!(
        stage.changes(&DatabaseState { network: literal.into(), ..config() }).await,
        [""; 0]
    );
}

#[test]
fn configurations_are_checked_offline() {
    let check = |config: DatabaseState| {
        let mut d = Diagnostics::default();
        Resource::validate(&DatabaseResource::default(), &config, &mut d);
        d.errors.iter().map(|e| format!("{} | {}", e.attribute, e.detail)).collect::<String>()
    };
    assert_eq!(check(from("before")), "");
    assert!(check(from("rds:before")).contains("automatic"));
    assert!(
        check(DatabaseState { kms_key_id: known("arn:k"), ..from("before") })
            .starts_with("kms_key_id")
    );
    assert!(
        check(DatabaseState { network: DatabaseNetwork::default().into(), ..config() })
            .starts_with("network")
    );
    assert!(check(DatabaseState { kms_key_id: known("alias/quilt"), ..config() }).contains("ARN"));
    assert!(
        check(DatabaseState { storage_type: known("gp9"), ..config() }).starts_with("storage_type")
    );
}

#[tokio::test(start_paused = true)]
async fn a_newer_template_waits_to_be_asked_for_and_keeps_the_instance() {
    const TWO: Templates = Templates(&[
        include_str!("../../quilt/templates/database.yaml"),
        concat!(include_str!("../../quilt/templates/database.yaml"), "# The second version.\n"),
    ]);
    let first = made(fake("root"), &config()).await;
    let mut stage = Stage::of(DatabaseResource::of(TWO), first.fake);
    (stage.state, stage.private) = (first.state, first.private);
    assert_eq!(
        (stage.changes(&config()).await, stage.get().template_version),
        (vec![], known("1"))
    );
    let raised = DatabaseState { template_version: known("2"), ..config() };
    stage.fake = stage.fake.clone().outputs(&[&[("TemplateVersion", "2")], &OUTPUTS[1..]].concat());
    stage.apply(&raised).await;
    let updates: Vec<_> =
        stage.fake.calls().into_iter().filter(|call| call.starts_with("propose ")).collect();
    assert!(updates.len() == 1 && !updates[0].contains("***"), "{updates:?}");
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    stage.plan(&DatabaseState { template_version: known("1"), ..config() }).await;
    assert!(said(&stage).starts_with("template_version | "), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn the_engine_of_a_database_that_exists_goes_where_rds_lets_it() {
    let old = |version: &str| DatabaseState { engine_version: known(version), ..config() };
    let facts = Facts { username: "root".into(), ..facts("11.19") };
    let instance = Instance {
        id: "new-db".into(),
        status: "available".into(),
        database_name: "quilt".into(),
        facts,
        ..Instance::default()
    };
    let mut stage = made(Fake::default().outputs(&OUTPUTS).instance(instance), &old("11.19")).await;
    for (version, words) in [("15.18", "Write 11.22 as `engine_version`"), ("11.9", "only goes up")]
    {
        stage.plan(&old(version)).await;
        assert!(
            said(&stage).starts_with("engine_version | ") && said(&stage).contains(words),
            "{}",
            said(&stage)
        );
    }
    stage.apply(&old("11.22")).await;
    assert_eq!(sent(&stage, "EngineVersion"), "11.22");
    stage.fake = stage.fake.clone().fail("upgrades", crate::outcome::AwsErrorKind::Denied);
    stage.plan(&old("15.18")).await;
    assert!(!stage.said.failed() && said(&stage).contains("was not checked"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_whole_network_and_its_ids_are_one() {
    let mut stage = made(fake("root"), &config()).await;
    let Value::Value(whole) = network("vpc-1") else { panic!() };
    let ids = DatabaseNetwork { ipv6: Value::Null, ..whole };
    let written = DatabaseState { network: ids.into(), ..config() };
    assert_eq!(stage.changes(&written).await, Vec::<String>::new());
    stage.plan(&DatabaseState { network: network("vpc-2"), ..config() }).await;
    assert!(said(&stage).starts_with("network | "), "{}", said(&stage));
}
