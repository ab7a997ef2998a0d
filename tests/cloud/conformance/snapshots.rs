//! Snapshots: names, states, quotas, copies.

use std::time::{Duration, Instant};

use super::database::{DATABASE, snapshot};
use crate::cloud::xml::Node;
use crate::cloud::{Cloud, Rule};

/// The account, with a database in the stack `data`; and its id.
fn made(body: &str) -> (Cloud, String) {
    let cloud = Cloud::start();
    cloud.create_stack("data", body, &[]).expect("the template is right");
    cloud.settled("data");
    let id = cloud.resources("data")["DB"].physical_id.clone();
    (cloud, id)
}

fn text<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.find(name).map(|node| node.text.as_str())
}

/// RDS API Reference, CopyDBSnapshot.
#[test]
fn snapshots_are_copied() {
    let (cloud, _) = made(DATABASE);
    snapshot(&cloud, "data", "one");
    let copy = |from, to| {
        cloud.query(
            "rds",
            "CopyDBSnapshot",
            &[
                ("SourceDBSnapshotIdentifier", from),
                ("TargetDBSnapshotIdentifier", to),
                ("KmsKeyId", "key"),
            ],
        )
    };
    let copied = copy("one", "two").expect("the snapshot is there");
    assert_eq!(copied.find("Encrypted").map(|node| node.text.as_str()), Some("true"));
    assert_eq!(copy("one", "two").expect_err("the name is taken").code, "DBSnapshotAlreadyExists");
    assert_eq!(copy("none", "three").expect_err("no such snapshot").code, "DBSnapshotNotFound");
}

/// RDS User Guide, "Copying a DB snapshot": across regions by ARN; an encrypted one with a key of the region it comes to; CopyTags.
#[test]
fn snapshots_are_copied_to_other_regions() {
    let (cloud, id) = made(&format!("{DATABASE}      StorageEncrypted: true\n"));
    let options = [
        ("DBInstanceIdentifier", id.as_str()),
        ("DBSnapshotIdentifier", "one"),
        ("Tags.Tag.1.Key", "team"),
        ("Tags.Tag.1.Value", "data"),
    ];
    let made = cloud.query("rds", "CreateDBSnapshot", &options).expect("the instance is available");
    let arn = text(&made, "DBSnapshotArn").expect("a snapshot has an ARN").to_owned();
    let copy = |more: &[(&str, &str)]| {
        let sent = [
            &[
                ("SourceDBSnapshotIdentifier", arn.as_str()),
                ("TargetDBSnapshotIdentifier", "far"),
                ("CopyTags", "true"),
            ],
            more,
        ]
        .concat();
        cloud.query_in("eu-west-1", "rds", "CopyDBSnapshot", &sent)
    };
    assert_eq!(copy(&[]).expect_err("it is encrypted").code, "InvalidParameterCombination");
    let copied = copy(&[("KmsKeyId", "arn:aws:kms:eu-west-1:123456789012:key/k")])
        .expect("the snapshot is there");
    let (far, key) = (
        arn.replace("us-east-1", "eu-west-1").replace(":one", ":far"),
        "arn:aws:kms:eu-west-1:123456789012:key/k",
    );
    assert_eq!(
        (text(&copied, "DBSnapshotArn"), text(&copied, "KmsKeyId"), text(&copied, "Key")),
        (Some(far.as_str()), Some(key), Some("team"))
    );
    let find = |region: &str, name: &str| {
        cloud.query_in(region, "rds", "DescribeDBSnapshots", &[("DBSnapshotIdentifier", name)])
    };
    assert!(
        find("eu-west-1", "far").is_ok()
            && find("eu-west-1", &far).is_ok()
            && find("us-east-1", "far").is_err()
    );
}

/// RDS API Reference, DBSnapshot: one that is being taken is `creating`, with its percent, and `available` afterwards.
#[test]
fn a_snapshot_takes_its_time() {
    let (cloud, id) = made(DATABASE);
    cloud.hurry(1200.0);
    cloud.hold(Rule::stack("slow").resource("Snapshot").on("take").hold(40.0 * 60.0));
    cloud
        .query(
            "rds",
            "CreateDBSnapshot",
            &[("DBInstanceIdentifier", &id), ("DBSnapshotIdentifier", "slow")],
        )
        .expect("it is available");
    let look = || {
        let answer = cloud
            .query("rds", "DescribeDBSnapshots", &[("DBSnapshotIdentifier", "slow")])
            .expect("it is there");
        let percent: u32 = text(&answer, "PercentProgress")
            .and_then(|percent| percent.parse().ok())
            .expect("a percent");
        (text(&answer, "Status").unwrap_or_default().to_owned(), percent)
    };
    let begun = Instant::now();
    let (status, first) = look();
    assert!(status == "creating" && first < 100, "{status} {first}");
    while look().0 == "creating" {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(begun.elapsed() > Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert_eq!(look(), ("available".to_owned(), 100));
}

/// RDS API Reference, CreateDBSnapshot: names are kept in lower case and have rules, the instance must be available, the quota is a hundred.
#[test]
fn snapshots_that_are_not_made() {
    let (cloud, id) = made(DATABASE);
    let create = |name: &str| {
        cloud.query(
            "rds",
            "CreateDBSnapshot",
            &[("DBInstanceIdentifier", &id), ("DBSnapshotIdentifier", name)],
        )
    };
    for name in ["1st", "two--hyphens", "end-", "with space", ""] {
        assert_eq!(create(name).expect_err(name).code, "InvalidParameterValue", "{name}");
    }
    let made = create("Mixed-Case").expect("the name is right");
    assert_eq!(text(&made, "DBSnapshotIdentifier"), Some("mixed-case"));
    assert_eq!(create("mixed-case").expect_err("it is there").code, "DBSnapshotAlreadyExists");
    cloud.quota("snapshots", 1);
    let refusal = create("more").expect_err("the quota is used up");
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("SnapshotQuotaExceeded", "Cannot create more than 1 manual snapshots")
    );
    cloud.quota("snapshots", 2);
    cloud.query("rds", "StopDBInstance", &[("DBInstanceIdentifier", &id)]).expect("it runs");
    let refusal = create("more").expect_err("it is stopped");
    assert_eq!(
        (refusal.code.as_str(), refusal.message),
        ("InvalidDBInstanceState", format!("Instance {id} is not currently available."))
    );
}
