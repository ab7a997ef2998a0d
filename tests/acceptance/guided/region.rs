//! Region failure: a copied snapshot, the same deployment in the backup region, and the way back.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{give, output, project, values, with, without};
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

const PRIMARY: &str = "us-east-1";
const BACKUP: &str = "us-west-2";

/// A certificate of the backup region for every host.
fn certificate(cloud: &Cloud) -> Value {
    let names = ["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"];
    let asked = json!({"DomainName": names[0], "SubjectAlternativeNames": names, "ValidationMethod": "DNS"});
    cloud.json_in(BACKUP, "acm", "CertificateManager.RequestCertificate", &asked)["CertificateArn"]
        .clone()
}

/// The deployment that is to be saved, as far as its database goes: its instance.
fn deployment(cloud: &Cloud) -> (Project, Value) {
    let project = Project::new(cloud);
    project.main(
        "resource \"quilt_network\" \"this\" {\n  name = \"quilt-prod\"\n  enable_termination_protection = false\n}\n\
         resource \"quilt_database\" \"this\" {\n  name = \"quilt-prod\"\n  network = quilt_network.this\n  \
         enable_deletion_protection = false\n  enable_termination_protection = false\n}\n",
    );
    project.apply().ok();
    let instance = project.attribute("quilt_database.this", "db_instance_identifier");
    (project, instance)
}

/// Where each call went that was made since the record was emptied.
fn regions(cloud: &Cloud) -> BTreeSet<String> {
    cloud.calls().into_iter().map(|call| call.region).collect()
}

/// What is saved on a day, from one region to another.
fn nightly(cloud: &Cloud, instance: &Value, day: &str, (from, to): (&str, &str)) -> Value {
    let key =
        format!("arn:aws:kms:{to}:{}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", cloud.account());
    json!({
        "region": from, "backup_region": to, "db_instance_identifier": instance, "snapshot": day, "backup_kms_key_arn": key,
        "buckets": {"quilt-data": "quilt-data-there"}, "replication_role_arn": "arn:aws:iam::000000000000:role/replication",
    })
}

fn copied(cloud: &Cloud, region: &str) -> Vec<String> {
    let found =
        cloud.query_in(region, "rds", "DescribeDBSnapshots", &[]).expect("listing is allowed");
    let rows = found.members("DBSnapshots").iter();
    rows.filter_map(|row| row.get("DBSnapshotIdentifier").map(str::to_owned)).collect()
}

#[test]
fn a_region_fails_another_takes_over_and_gives_back() {
    let cloud = Cloud::start();
    let (_home, instance) = deployment(&cloud);
    let primary = project(&cloud, "region-failure/primary");
    give(&primary, &nightly(&cloud, &instance, "2026-11-28", (PRIMARY, BACKUP)));
    primary.apply().ok().says("5 added");
    primary.plan_is_empty();
    give(&primary, &nightly(&cloud, &instance, "2026-11-29", (PRIMARY, BACKUP)));
    primary.apply().ok().says("1 added, 0 changed, 1 destroyed");
    primary.plan_is_empty();
    let newest = "quilt-prod-2026-11-29";
    assert_eq!(output(&primary, "snapshot")["identifier"], newest);
    assert_eq!(copied(&cloud, BACKUP).len(), 2, "the one of the day before stays");

    let backup = project(&cloud, "region-failure/backup");
    let values = with(
        without(values(&cloud, "gen_c_terraform.yaml"), "parameters_wo"),
        json!({
            "web_host": "quilt.example.com", "certificate_arn": certificate(&cloud),
            "db_instance_identifier": instance, "search_size": "small",
        }),
    );
    give(&backup, &values);
    backup.apply().ok().says("1 added");
    backup.plan_is_empty();
    assert_eq!(output(&backup, "cnames"), Value::Null);

    // The first region is gone: nothing of it is asked.
    cloud.forget();
    give(&backup, &with(values.clone(), json!({ "failed_over": true })));
    backup.apply().ok().says("3 added, 1 changed, 0 destroyed");
    backup.plan_is_empty();
    assert!(!regions(&cloud).contains(PRIMARY), "{:?}", regions(&cloud));
    assert_eq!(output(&backup, "restored_from"), newest);
    let records = output(&backup, "cnames");
    assert!(records["quilt.example.com"].is_string(), "{records}");
    let values = &connected(&cloud, &backup, values);
    // A newer snapshot afterwards is no change of the database.
    give(&primary, &nightly(&cloud, &instance, "2026-11-30", (PRIMARY, BACKUP)));
    primary.apply().ok();
    backup.plan_is_empty();

    // The way back: what was changed meanwhile goes the other way round, and this region is left.
    let there = backup.attribute("quilt_database.this", "db_instance_identifier");
    let home = project(&cloud, "region-failure/primary");
    give(&home, &nightly(&cloud, &there, "2026-12-01", (BACKUP, PRIMARY)));
    home.apply().ok();
    assert!(copied(&cloud, PRIMARY).contains(&"quilt-prod-2026-12-01".to_owned()));
    give(&backup, values);
    backup.apply().ok().says("0 added, 1 changed, 4 destroyed");
    assert!(!cloud.registry().holds().to_string().contains("\"replica\""));
    backup.plan_is_empty();
    assert_eq!(output(&backup, "cnames"), Value::Null);
}

/// DNS leads to the backup region: the replicas are connected by a key of before. What is given from now on, until it is left.
fn connected(cloud: &Cloud, backup: &Project, values: Value) -> Value {
    let replica = cloud.bucket("quilt-data-there");
    let registry = cloud.registry();
    let way = json!({ "catalog_api_key": registry.key("failover"), "catalog_endpoint": registry.endpoint() });
    let values = with(values, way);
    let on = json!({ "failed_over": true, "replicas": { "quilt-data": replica } });
    give(backup, &with(values.clone(), on));
    backup.apply().ok().says("1 added, 0 changed, 0 destroyed");
    backup.plan_is_empty();
    let held = registry.holds()["buckets"][&replica].clone();
    assert_eq!(
        (&held["title"], &held["tags"]),
        (&json!("quilt-data"), &json!(["replica"])),
        "{held}"
    );
    values
}
