//! Databases and their snapshots, and the chain of a migration through a stack of everything a deployment has.

use crate::cloud::Cloud;
use crate::cloud::xml::Node;

const CHAIN: &str = include_str!("chain.yaml");
const PASSWORD: (&str, &str) = ("Password", "hunter2hunter2");

pub const DATABASE: &str = "
Parameters: {Snapshot: {Type: String, Default: ''}}
Conditions: {Restored: !Not [!Equals [!Ref Snapshot, '']]}
Resources:
  DB:
    Type: AWS::RDS::DBInstance
    UpdateReplacePolicy: Delete
    Properties:
      Engine: postgres
      EngineVersion: '15.12'
      DBInstanceClass: db.t3.small
      AllocatedStorage: '20'
      MasterUsername: quilt
      MasterUserPassword: hunter2hunter2
      DBSnapshotIdentifier: !If [Restored, !Ref Snapshot, !Ref 'AWS::NoValue']
";

fn instance(cloud: &Cloud, stack: &str) -> Node {
    let id = &cloud.resources(stack)["DB"].physical_id;
    cloud
        .query("rds", "DescribeDBInstances", &[("DBInstanceIdentifier", id)])
        .unwrap_or_else(|refusal| panic!("{id}: {refusal}"))
}

fn snapshots(cloud: &Cloud) -> Vec<String> {
    let answer = cloud.query("rds", "DescribeDBSnapshots", &[]).expect("listing is allowed");
    answer
        .members("DBSnapshots")
        .iter()
        .filter_map(|row| row.get("DBSnapshotIdentifier"))
        .map(str::to_owned)
        .collect()
}

pub fn snapshot(cloud: &Cloud, stack: &str, name: &str) {
    let id = &cloud.resources(stack)["DB"].physical_id;
    cloud
        .query(
            "rds",
            "CreateDBSnapshot",
            &[("DBInstanceIdentifier", id), ("DBSnapshotIdentifier", name)],
        )
        .expect("the instance is available");
}

/// Guide, template reference of AWS::RDS::DBInstance, DBSnapshotIdentifier, DeletionPolicy and UpdateReplacePolicy.
#[test]
fn a_migration_goes_through_a_snapshot() {
    let cloud = Cloud::start();
    cloud.create_stack("old", CHAIN, &[PASSWORD]).unwrap_or_else(|refusal| panic!("{refusal}"));
    let old = cloud.settled("old");
    assert_eq!(old.status, "CREATE_COMPLETE", "{:#?}", cloud.events("old"));
    assert_eq!((old.outputs.len(), cloud.resources("old").len()), (3, 37));
    snapshot(&cloud, "old", "migration");
    cloud
        .create_stack("new", CHAIN, &[PASSWORD, ("Snapshot", "migration")])
        .expect("the template is right");
    assert_eq!(cloud.settled("new").status, "CREATE_COMPLETE", "{:#?}", cloud.events("new"));
    let restored = instance(&cloud, "new");
    let text = |name| restored.find(name).map(|node| node.text.as_str());
    assert_eq!(
        (text("EngineVersion"), text("MasterUsername"), text("DBName")),
        (Some("15.12"), Some("quilt"), Some("quilt"))
    );
    assert_eq!((text("StorageEncrypted"), text("AllocatedStorage")), (Some("true"), Some("20")));
    cloud.update_stack("old", CHAIN, &[PASSWORD, ("Nat", "false")]).expect("there is a change");
    assert_eq!(cloud.settled("old").status, "UPDATE_COMPLETE");
    assert_eq!(cloud.resources("old")["NatGateway"].status, "DELETE_COMPLETE");
    let bucket = format!("/{}", cloud.resources("old")["Bucket"].physical_id);
    assert_eq!(cloud.delete_stack("old").expect("the request is right").status, "DELETE_COMPLETE");
    assert!(cloud.s3("HEAD", &bucket, &[], b"").is_ok(), "a retained bucket stays");
    assert_eq!(snapshots(&cloud).len(), 2, "the migration's and a final one");
    assert_eq!(cloud.delete_stack("new").expect("the request is right").status, "DELETE_COMPLETE");
    assert_eq!(snapshots(&cloud).len(), 3, "final snapshots do not overwrite one another");
}

/// aws-cloudformation-resource-providers-rds: a snapshot that is named no longer changes nothing, another one makes a new instance.
#[test]
fn a_changed_snapshot_replaces_the_database() {
    let cloud = Cloud::start();
    cloud.create_stack("data", DATABASE, &[]).expect("the template is right");
    cloud.settled("data");
    snapshot(&cloud, "data", "one");
    let ids: Vec<_> = ["", "one", "", "missing"]
        .iter()
        .map(|name| {
            drop(cloud.update_stack("data", DATABASE, &[("Snapshot", name)]));
            cloud.settled("data");
            cloud.resources("data")["DB"].physical_id.clone()
        })
        .collect();
    assert_ne!(ids[0], ids[1], "a snapshot where there was none makes a new instance");
    assert_eq!(ids[1], ids[2], "its removal changes nothing");
    assert_eq!(
        (ids[2] == ids[3], cloud.settled("data").status.as_str()),
        (true, "UPDATE_ROLLBACK_COMPLETE"),
        "a snapshot that is not there is a failure"
    );
}

/// Guide, template reference of AWS::RDS::DBInstance, DeletionProtection.
#[test]
fn protected_databases_are_not_deleted() {
    let cloud = Cloud::start();
    cloud
        .create_stack("data", &format!("{DATABASE}      DeletionProtection: true\n"), &[])
        .expect("the template is right");
    cloud.settled("data");
    assert_eq!(cloud.delete_stack("data").expect("the request is right").status, "DELETE_FAILED");
    let id = &cloud.resources("data")["DB"].physical_id;
    let delete = |more: (&str, &str)| {
        cloud.query("rds", "DeleteDBInstance", &[("DBInstanceIdentifier", id), more])
    };
    let protected =
        "Cannot delete protected DB Instance, please disable deletion protection and try again.";
    assert_eq!(
        delete(("SkipFinalSnapshot", "true")).expect_err("it is protected").message,
        protected
    );
    cloud
        .query(
            "rds",
            "ModifyDBInstance",
            &[("DBInstanceIdentifier", id), ("DeletionProtection", "false")],
        )
        .expect("allowed");
    let refusal =
        delete(("DeleteAutomatedBackups", "true")).expect_err("a snapshot is not mentioned");
    assert_eq!(
        refusal.message,
        "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
    );
    assert_eq!(cloud.delete_stack("data").expect("the request is right").status, "DELETE_COMPLETE");
}

/// RDS User Guide, "Upgrading the PostgreSQL DB engine": valid upgrade targets.
#[test]
fn versions_have_paths() {
    let answer = Cloud::start()
        .query(
            "rds",
            "DescribeDBEngineVersions",
            &[("Engine", "postgres"), ("EngineVersion", "11.19")],
        )
        .expect("listing is allowed");
    let targets: Vec<_> = answer
        .members("ValidUpgradeTarget")
        .iter()
        .filter_map(|row| row.get("EngineVersion"))
        .collect();
    assert_eq!(targets, ["11.22"], "11.19 must go to 11.22 first");
}

/// RDS API Reference, ModifyDBInstance, ApplyImmediately: what waits for the maintenance window is pending.
#[test]
fn changes_may_be_pending() {
    let cloud = Cloud::start();
    cloud.create_stack("data", DATABASE, &[]).expect("the template is right");
    cloud.settled("data");
    let id = &cloud.resources("data")["DB"].physical_id;
    let modify = |more: &[(&str, &str)]| {
        cloud
            .query(
                "rds",
                "ModifyDBInstance",
                &[&[("DBInstanceIdentifier", id.as_str())], more].concat(),
            )
            .expect("the instance is there")
    };
    modify(&[("DBInstanceClass", "db.t3.large"), ("DeletionProtection", "true")]);
    let row = instance(&cloud, "data");
    let pending =
        row.find("PendingModifiedValues").and_then(|values| values.get("DBInstanceClass"));
    let now = row.find("DBInstance").and_then(|row| row.get("DBInstanceClass"));
    assert_eq!(
        (now, pending, row.find("DeletionProtection").map(|node| node.text.as_str())),
        (Some("db.t3.small"), Some("db.t3.large"), Some("true"))
    );
    modify(&[("DBInstanceClass", "db.t3.medium"), ("ApplyImmediately", "true")]);
    assert_eq!(
        instance(&cloud, "data").find("DBInstance").and_then(|row| row.get("DBInstanceClass")),
        Some("db.t3.medium")
    );
}
