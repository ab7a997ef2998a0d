//! `quilt_network`, `quilt_database` and `quilt_search`: what lies beside the stack.

use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, with};
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::quilt::database::{Facts, Instance};
use crate::quilt::search::{Domain, Limits, Volume};
use crate::quilt::snapshot::Snapshot;

const NETWORK: &str = "quilt_network";
const DATABASE: &str = "quilt_database";
const SEARCH: &str = "quilt_search";

fn network(more: Json) -> Json {
    with(json!({ "name": "data", "enable_termination_protection": false }), more)
}

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

fn network_there(fake: Fake) -> Fake {
    let outputs = crate::quilt::network::outputs();
    fake.outputs(&outputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>())
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

fn mistake(of: &'static str, config: fn(Json) -> Json, title: &'static str, more: Json) -> Scene {
    scene(of, title).plan(config(more))
}

pub fn networks() -> Vec<Scene> {
    let wrong = |title, more| mistake(NETWORK, network, title, more);
    let made = |title, more: Json| scene(NETWORK, title).over(network_there).made(network(more));
    let protected = || network(json!({ "enable_termination_protection": true }));
    vec![
        wrong("A name with capitals and an underscore", json!({ "name": "Quilt_Prod" })),
        wrong("A name that ends with a space", json!({ "name": "data " })),
        wrong(
            "A name that is too long",
            json!({ "name": "a-name-that-is-longer-than-quilt-takes" }),
        ),
        wrong("A range that is none", json!({ "cidr": "10.0.0.0" })),
        wrong("A range that is too small", json!({ "cidr": "10.0.0.0/28" })),
        wrong("A range that is too large", json!({ "cidr": "10.0.0.0/8" })),
        wrong("A range of the internet", json!({ "cidr": "8.8.0.0/16" })),
        wrong("A range with bits beyond its prefix", json!({ "cidr": "10.0.1.0/16" })),
        wrong("A range of IPv6", json!({ "cidr": "fd00::/16" })),
        wrong("An unknown number of NAT gateways", json!({ "nat_gateways": "1" })),
        wrong(
            "A way out that is no transit gateway",
            json!({ "transit_gateway_id": "tgw-attach-1" }),
        ),
        wrong(
            "NAT gateways beside a transit gateway",
            json!({ "transit_gateway_id": "tgw-1", "nat_gateways": "single" }),
        ),
        wrong(
            "A way out over IPv6 through no transit gateway",
            json!({ "transit_gateway_ipv6_egress": true }),
        ),
        wrong(
            "A way out over IPv6 without IPv6",
            json!({ "transit_gateway_id": "tgw-1", "transit_gateway_ipv6_egress": true, "ipv6": false }),
        ),
        wrong("No way out, and no endpoints", json!({ "nat_gateways": "none" })),
        wrong(
            "No way out, and the least of endpoints",
            json!({ "nat_gateways": "none", "internal": true,
                "interface_endpoints": ["logs", "ecr.api", "ecr.dkr", "sqs", "sns"] }),
        ),
        wrong(
            "An endpoint that has an argument of its own",
            json!({ "interface_endpoints": ["s3"] }),
        ),
        wrong("An endpoint that there is not", json!({ "interface_endpoints": ["everything"] })),
        wrong("Flow logs to nowhere that there is", json!({ "flow_logs": "cloudwatch" })),
        wrong("Flow logs to a bucket without its name", json!({ "flow_logs": "s3" })),
        wrong(
            "A bucket for flow logs that is no ARN",
            json!({ "flow_logs": "s3", "flow_logs_bucket_arn": "records" }),
        ),
        wrong(
            "A bucket for flow logs that go elsewhere",
            json!({ "flow_logs": "cloud-watch-logs", "flow_logs_bucket_arn": "arn:aws:s3:::records" }),
        ),
        wrong("Days for no log group", json!({ "flow_logs_retention_days": 30 })),
        wrong(
            "A number of days that CloudWatch Logs does not know",
            json!({ "flow_logs": "cloud-watch-logs", "flow_logs_retention_days": 100 }),
        ),
        wrong(
            "Flow logs of a network from the first version of the template",
            json!({ "flow_logs": "cloud-watch-logs", "template_version": "1" }),
        ),
        wrong("One zone", json!({ "availability_zones": ["us-east-1a"] })),
        wrong("One zone twice", json!({ "availability_zones": ["us-east-1a", "us-east-1a"] })),
        wrong("The id of a zone", json!({ "availability_zones": ["use1-az1", "use1-az2"] })),
        wrong("A bare address to let in", json!({ "ingress_cidrs": ["192.0.2.7"] })),
        wrong(
            "A range to let in with bits beyond its prefix",
            json!({ "ingress_cidrs": ["192.0.2.7/24"] }),
        ),
        wrong("Nobody is let in", json!({ "ingress_cidrs": [] })),
        wrong(
            "More ranges than a security group takes",
            json!({ "ingress_cidrs": (0..70).map(|n| format!("10.{n}.0.0/16")).collect::<Vec<_>>() }),
        ),
        wrong("A version of the template that there is not", json!({ "template_version": "99" })),
        wrong(
            "Zones of another region",
            json!({ "availability_zones": ["eu-west-1a", "eu-west-1b"] }),
        ),
        made("The range changes", json!({})).plan(network(json!({ "cidr": "10.1.0.0/16" }))),
        made("The zones change", json!({}))
            .plan(network(json!({ "availability_zones": ["eu-west-1a", "eu-west-1c"] }))),
        made(
            "A protected network gets another name",
            json!({ "enable_termination_protection": true }),
        )
        .plan(with(protected(), json!({ "name": "other" }))),
        made("A network gets another name", json!({})).plan(network(json!({ "name": "other" }))),
        made("A protected network is destroyed", json!({ "enable_termination_protection": true }))
            .destroy(),
        made("A network that a stack uses is destroyed", json!({}))
            .world(|fake| fake.using("prod", "VPC", "vpc-1"))
            .destroy(),
        scene(NETWORK, "The creation is rolled back")
            .over(|fake| {
                fake.script(&["ROLLBACK_COMPLETE"]).event(
                    "Nat",
                    "CREATE_FAILED",
                    "The maximum number of addresses has been reached.",
                )
            })
            .apply(network(json!({}))),
        scene(NETWORK, "The stack of the name is somebody else's")
            .over(|fake| fake.existing("data-network", "CREATE_COMPLETE"))
            .plan(network(json!({}))),
        scene(NETWORK, "No such network to import").import("data"),
    ]
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
