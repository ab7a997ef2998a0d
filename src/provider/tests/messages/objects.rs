//! `quilt_database` and `quilt_search`: what lies beside the stack.

use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, with};
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::quilt::database::{Facts, Instance};
use crate::quilt::search::{Domain, Limits, Volume};
use crate::quilt::snapshot::Snapshot;

const DATABASE: &str = "quilt_database";
const SEARCH: &str = "quilt_search";

fn lives() -> Json {
    json!({ "vpc_id": "vpc-1", "intra_subnet_ids": ["subnet-1", "subnet-2"], "ipv6": true })
}

fn elsewhere() -> Json {
    json!({ "vpc_id": "vpc-2", "intra_subnet_ids": ["subnet-3", "subnet-4"], "ipv6": true })
}

fn database(more: Json) -> Json {
    let open =
        json!({ "enable_termination_protection": false, "enable_deletion_protection": false });
    with(with(json!({ "name": "data", "network": lives() }), open), more)
}

fn search(more: Json) -> Json {
    let mut network = lives();
    network.as_object_mut().unwrap().remove("ipv6");
    with(
        json!({ "name": "data", "network": network, "enable_termination_protection": false }),
        more,
    )
}

fn facts(version: &str) -> Facts {
    let (engine, engine_version) = ("postgres".into(), version.into());
    Facts {
        engine,
        engine_version,
        username: "keeper".into(),
        allocated_storage: 200,
        encrypted: true,
        kms_key_id: None,
    }
}

fn database_there(fake: Fake) -> Fake {
    let outputs = [
        ("TemplateVersion", "1"),
        ("InstanceIdentifier", "new-db"),
        ("InstanceArn", "arn:db"),
        ("Endpoint", "new-db.example.com"),
        ("Port", "5432"),
        ("PasswordSecretArn", "arn:secret"),
        ("AccessorSecurityGroupId", "sg-1"),
    ];
    let (id, status) = ("new-db".into(), "available".into());
    let instance = Instance {
        id,
        status,
        database_name: "quilt".into(),
        facts: facts("15.18"),
        ..Instance::default()
    };
    fake.part("data-database", "DB", "AWS::RDS::DBInstance", "new-db")
        .outputs(&outputs)
        .instance(instance)
}

fn kept(id: &str, status: &str, facts: Facts) -> Snapshot {
    Snapshot { id: id.into(), status: status.into(), facts, ..Snapshot::default() }
}

fn search_there(fake: Fake) -> Fake {
    let outputs = [
        ("TemplateVersion", "1"),
        ("DomainName", "data"),
        ("DomainArn", "arn:domain"),
        ("Endpoint", "vpc-data.example.com"),
        ("AccessorSecurityGroupId", "sg-1"),
    ];
    let running =
        Domain { name: "data".into(), engine_version: "7.10".into(), ..Domain::default() };
    fake.outputs(&outputs).domain(running, 0)
}

pub fn mistake(
    of: &'static str,
    config: fn(Json) -> Json,
    title: &'static str,
    more: Json,
) -> Scene {
    scene(of, title).plan(config(more))
}

pub fn databases() -> Vec<Scene> {
    let wrong = |title, more| mistake(DATABASE, database, title, more);
    let made = |title, more: Json| scene(DATABASE, title).over(database_there).made(database(more));
    let from = |title, held: Snapshot, more: Json| {
        let over = move |fake: Fake| database_there(fake).snapshot(held.clone());
        scene(DATABASE, title)
            .over(over)
            .plan(database(with(json!({ "snapshot_identifier": "before" }), more)))
    };
    let kms = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/1");
    vec![
        wrong("A name with an underscore", json!({ "name": "quilt_prod" })),
        wrong("A class without its beginning", json!({ "instance_class": "t3.small" })),
        wrong("An unknown type of storage", json!({ "storage_type": "ssd" })),
        wrong("A version that is not offered", json!({ "engine_version": "9.6" })),
        scene(DATABASE, "A class that cannot be ordered")
            .over(|fake| fake.ordering("db.x9.small", &[]))
            .plan(database(json!({ "instance_class": "db.x9.small" }))),
        scene(DATABASE, "What can be ordered may not be looked at")
            .over(|fake| fake.fail("offered", AwsErrorKind::Denied))
            .plan(database(json!({}))),
        made("The storage has grown outside", json!({}))
            .world(|fake| {
                let mut there = fake.held_instance("new-db");
                there.facts.allocated_storage = 180;
                fake.instance(there)
            })
            .plan(database(json!({ "allocated_storage": 150 }))),
        wrong("An unknown type of network", json!({ "network_type": "IPV6" })),
        wrong("An engine that is not PostgreSQL", json!({ "engine_version": "mysql8.0" })),
        wrong(
            "A subnet twice",
            json!({ "network": { "vpc_id": "vpc-1", "intra_subnet_ids": ["subnet-1", "subnet-1"] } }),
        ),
        wrong(
            "A network by its name",
            json!({ "network": { "vpc_id": "main", "intra_subnet_ids": ["subnet-1", "subnet-2"] } }),
        ),
        wrong(
            "A security group among the subnets",
            json!({ "network": { "vpc_id": "vpc-1", "intra_subnet_ids": ["subnet-1", "sg-2"] } }),
        ),
        wrong("A name that is null", json!({ "name": null })),
        wrong("Storage that is no whole number", json!({ "allocated_storage": 100.5 })),
        wrong("A value that the provider gives", json!({ "endpoint": "db.example.com" })),
        wrong("No backups", json!({ "backup_retention_days": 0 })),
        wrong("Too little storage", json!({ "allocated_storage": 5 })),
        wrong(
            "A snapshot in two ways",
            json!({ "snapshot_identifier": "before", "snapshot": { "id": "before" } }),
        ),
        wrong("An automated snapshot", json!({ "snapshot_identifier": "rds:prod-2026-01-01" })),
        wrong(
            "A snapshot's name with an underscore",
            json!({ "snapshot_identifier": "before_upgrade" }),
        ),
        wrong(
            "A cluster's snapshot",
            json!({ "snapshot_identifier": "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:before" }),
        ),
        wrong("A key that is an alias", json!({ "kms_key_id": "alias/quilt" })),
        wrong("A key of another region", json!({ "kms_key_id": kms("eu-west-1") })),
        wrong(
            "A key for a database that is restored",
            json!({ "kms_key_id": kms("us-east-1"), "snapshot_identifier": "before" }),
        ),
        wrong(
            "A network with one subnet",
            json!({ "network": { "vpc_id": "vpc-1", "intra_subnet_ids": ["subnet-1"] } }),
        ),
        wrong(
            "A network without a VPC",
            json!({ "network": { "intra_subnet_ids": ["subnet-1", "subnet-2"] } }),
        ),
        scene(DATABASE, "The snapshot does not exist")
            .over(database_there)
            .plan(database(json!({ "snapshot_identifier": "before" }))),
        from("The snapshot failed", kept("before", "failed", facts("15.12")), json!({})),
        from(
            "The snapshot is of another engine",
            kept("before", "available", Facts { engine: "mysql".into(), ..facts("8.0") }),
            json!({}),
        ),
        from(
            "The snapshot is a cluster's",
            kept(
                "before",
                "available",
                Facts { engine: "aurora-postgresql".into(), ..facts("15.12") },
            ),
            json!({}),
        ),
        from(
            "The snapshot needs more storage",
            kept("before", "available", facts("15.12")),
            json!({ "allocated_storage": 100 }),
        ),
        from(
            "The snapshot's engine is newer than asked for",
            kept("before", "available", facts("15.12")),
            json!({ "engine_version": "14.9" }),
        ),
        from(
            "The snapshot's engine cannot become this version",
            kept("before", "available", facts("11.5")),
            json!({ "engine_version": "15.12" }),
        ),
        scene(DATABASE, "The snapshot may not be looked at")
            .over(|fake| database_there(fake).fail("snapshot", AwsErrorKind::Denied))
            .plan(database(json!({ "snapshot_identifier": "before" }))),
        made("The database moves to another network", json!({}))
            .plan(database(json!({ "network": elsewhere() }))),
        made("The database gets another key", json!({}))
            .plan(database(json!({ "kms_key_id": kms("us-east-1") }))),
        made("The database gets less storage", json!({ "allocated_storage": 200 }))
            .plan(database(json!({ "allocated_storage": 100 }))),
        made("The database goes back to an older engine", json!({ "engine_version": "15.18" }))
            .plan(database(json!({ "engine_version": "14.9" }))),
        made(
            "The way to another engine may not be looked up",
            json!({ "engine_version": "15.12" }),
        )
        .world(|fake| fake.fail("upgrades", AwsErrorKind::Denied))
        .plan(database(json!({ "engine_version": "15.18" }))),
        made("A snapshot is named for a database that exists", json!({}))
            .plan(database(json!({ "snapshot_identifier": "before" }))),
        scene(DATABASE, "Another snapshot is named for a restored database")
            .over(|fake| database_there(fake).snapshot(kept("before", "available", facts("15.18"))))
            .made(database(json!({ "snapshot_identifier": "before" })))
            .plan(database(json!({ "snapshot_identifier": "other" }))),
        scene(DATABASE, "A snapshot is named no more")
            .over(|fake| database_there(fake).snapshot(kept("before", "available", facts("15.18"))))
            .made(database(json!({ "snapshot_identifier": "before" })))
            .plan(database(json!({}))),
        made("A protected database is destroyed", json!({ "enable_deletion_protection": true }))
            .world(|fake| {
                fake.clone().instance(Instance { protected: true, ..fake.held_instance("new-db") })
            })
            .destroy(),
        made(
            "A database with both protections is destroyed",
            json!({ "enable_deletion_protection": true, "enable_termination_protection": true }),
        )
        .world(|fake| {
            fake.clone().instance(Instance { protected: true, ..fake.held_instance("new-db") })
        })
        .destroy(),
        made(
            "A protected database gets another name",
            json!({ "enable_deletion_protection": true }),
        )
        .world(|fake| {
            fake.clone().instance(Instance { protected: true, ..fake.held_instance("new-db") })
        })
        .plan(database(json!({ "enable_deletion_protection": true, "name": "other" }))),
        made("A database gets another name", json!({})).plan(database(json!({ "name": "other" }))),
        made("A database's deletion failed", json!({}))
            .world(|fake| {
                fake.becomes("data-database", "DELETE_FAILED");
                fake
            })
            .plan(database(json!({}))),
        made("A database's rollback failed", json!({}))
            .world(|fake| {
                fake.becomes("data-database", "UPDATE_ROLLBACK_FAILED");
                fake
            })
            .plan(database(json!({ "multi_az": false }))),
    ]
}

pub fn searches() -> Vec<Scene> {
    let wrong = |title, more| mistake(SEARCH, search, title, more);
    let made = |title, more: Json| scene(SEARCH, title).over(search_there).made(search(more));
    vec![
        wrong("An unknown size", json!({ "size": "huge" })),
        made("It moves to other nodes", json!({ "size": "small" }))
            .plan(search(json!({ "size": "medium" }))),
        wrong("A size and an instance type", json!({ "size": "small", "instance_type": "m5.large.elasticsearch" })),
        wrong("An unknown engine", json!({ "engine_version": "8.1" })),
        wrong("An engine of OpenSearch", json!({ "engine_version": "OpenSearch_2.11" })),
        wrong("A type that does not encrypt", json!({ "instance_type": "t2.small.elasticsearch" })),
        wrong("A type that is empty", json!({ "instance_type": "" })),
        wrong("A type written in OpenSearch's way", json!({ "instance_type": "m5.large.search" })),
        wrong("An odd number of nodes in two zones", json!({ "instance_count": 3 })),
        wrong("A volume that is not so fast", json!({ "volume_type": "gp3", "volume_iops": 17_000 })),
        scene(SEARCH, "A type of node that is not offered")
            .over(|fake| fake.limited("m9.large.elasticsearch", None))
            .plan(search(json!({ "instance_type": "m9.large.elasticsearch" }))),
        scene(SEARCH, "A volume that is too large for its node")
            .over(|fake| {
                let volume = Volume { size: (10, 512), ..Volume::default() };
                let limits = Limits([("gp2".to_string(), volume)].into());
                fake.limited("m5.large.elasticsearch", Some(limits))
            })
            .plan(search(json!({ "instance_type": "m5.large.elasticsearch" }))),
        wrong("Two masters", json!({ "dedicated_master_count": 2 })),
        wrong("A type for no masters", json!({ "dedicated_master_count": 0, "dedicated_master_type": "m5.large.elasticsearch" })),
        wrong("No nodes", json!({ "instance_count": 0 })),
        wrong("An unknown type of volume", json!({ "volume_type": "io1" })),
        wrong("Operations a second for a gp2 volume", json!({ "volume_type": "gp2", "volume_iops": 4000 })),
        wrong("A volume that is too small", json!({ "volume_size": 5 })),
        wrong("A volume that is too large for its type", json!({ "instance_type": "m5.large.elasticsearch", "volume_size": 2000 })),
        wrong("One subnet for two zones", json!({ "network": { "vpc_id": "vpc-1", "intra_subnet_ids": ["subnet-1"] } })),
        wrong("A network without subnets", json!({ "network": { "vpc_id": "vpc-1" } })),
        wrong("A type that the old engine does not run on", json!({ "engine_version": "6.8", "instance_type": "m6g.large.elasticsearch" })),
        made("The domain moves to another network", json!({})).plan(search(json!({ "network": { "vpc_id": "vpc-2", "intra_subnet_ids": ["subnet-3", "subnet-4"] } }))),
        made("The domain goes back to an older engine", json!({})).plan(search(json!({ "engine_version": "6.8" }))),
        made("A protected domain is destroyed", json!({ "enable_termination_protection": true })).destroy(),
        made("A protected domain gets another name", json!({ "enable_termination_protection": true }))
            .plan(search(json!({ "enable_termination_protection": true, "name": "other" }))),
        made("A domain gets another name", json!({})).plan(search(json!({ "name": "other" }))),
        made("A domain that a stack uses is destroyed", json!({})).world(|fake| fake.using("prod", "SearchDomainArn", "arn:domain")).destroy(),
        scene(SEARCH, "The domain stays busy").over(search_there).world(|fake| {
            let busy = Domain { name: "data".into(), engine_version: "7.10".into(), processing: true, ..Domain::default() };
            fake.domain(busy, 100_000)
        }).apply(search(json!({ "timeouts": { "create": "1h" } }))),
    ]
}
