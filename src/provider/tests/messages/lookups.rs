//! The data sources of what is there already: networks, templates, snapshots, roles.

use serde_json::{Value as Json, json};

use super::scene::with;
use super::{data_source, part};
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::quilt::network::existing::{Group, Survey};
use crate::quilt::network::findings::example::{endpoint, rule, there};

const NETWORK: &str = "quilt_network";

/// An internal network by its ids.
fn internal(more: Json) -> Json {
    let all = json!({
        "vpc_id": "vpc-1", "internal": true,
        "private_subnet_ids": ["subnet-a", "subnet-b"], "intra_subnet_ids": ["subnet-c", "subnet-d"],
        "user_subnet_ids": ["subnet-a", "subnet-b"],
        "user_security_group_id": "sg-1", "api_gateway_endpoint_id": "vpce-api",
    });
    with(all, more)
}

/// The same for an internet-facing one.
fn facing(more: Json) -> Json {
    let own = json!({
        "internal": false, "user_subnet_ids": null, "api_gateway_endpoint_id": null, "public_subnet_ids": ["subnet-e", "subnet-f"],
    });
    with(internal(own), more)
}

fn changed(change: impl FnOnce(&mut Survey)) -> Fake {
    let mut network = there();
    change(&mut network);
    Fake::default().network(network)
}

pub async fn networks(book: &mut String) {
    part(book, "data quilt_network");
    let wrong = json!({
        "vpc_id": "quilt", "private_subnet_ids": ["subnet-a", "subnet-a"], "intra_subnet_ids": ["10.0.0.0/24"],
        "user_subnet_ids": null, "public_subnet_ids": ["subnet-e", null], "accept": ["vpc"],
    });
    let cases = [
        ("Arguments of every wrong kind", there_is(), internal(wrong)),
        (
            "A public network with an endpoint",
            there_is(),
            facing(json!({ "api_gateway_endpoint_id": "vpce-api" })),
        ),
        ("There is no such VPC", Fake::default(), internal(json!({}))),
        (
            "The route tables may not be looked at",
            there_is().fail("tables", AwsErrorKind::Denied),
            internal(json!({})),
        ),
        ("Nothing of an internal network does", everything(), internal(json!({ "ipv6": true }))),
        (
            "The same, all of it accepted that can be",
            everything(),
            internal(json!({ "accept": accepted() })),
        ),
        ("Parts in other VPCs", changed(elsewhere), internal(json!({}))),
        ("Nothing of a public network does", changed(public), facing(json!({}))),
        ("No way out, and endpoints instead", changed(closed), facing(json!({}))),
    ];
    for (title, fake, config) in cases {
        data_source(book, NETWORK, title, fake, config).await;
    }
}

fn there_is() -> Fake {
    Fake::default().network(there())
}

fn accepted() -> Json {
    json!([
        "dns_attributes",
        "dns_resolver",
        "zones",
        "subnet_size",
        "free_addresses",
        "private_route",
        "intra_route",
        "s3_endpoint",
        "security_group_https",
        "security_group_http",
        "api_gateway_endpoint",
        "api_gateway_endpoint_https"
    ])
}

fn everything() -> Fake {
    changed(|t| {
        (t.dns_support, t.dns_hostnames) = (false, false);
        t.resolvers = vec!["10.9.0.53".into()];
        (t.subnets[1].free, t.subnets[2].ipv6) = (12, false);
        t.subnets[3].zone = "us-east-1a".into();
        t.subnets[3].cidr = "10.0.3.0/28".into();
        t.tables[1].routes.truncate(1);
        t.tables[2].routes[1].through = "igw-1".into();
        let open = t.tables[3].routes[1].clone();
        t.tables[0].routes.push(open);
        t.groups[0].rules.clear();
        t.endpoints.remove(0);
        t.endpoints[0].private_dns = false;
        t.endpoints[0].state = "pending".into();
    })
}

fn elsewhere(t: &mut Survey) {
    t.subnets[2].vpc_id = "vpc-2".into();
    t.subnets.remove(3);
    t.groups[0] = Group { id: "sg-1".into(), vpc_id: "vpc-2".into(), rules: vec![rule(443)] };
    t.endpoints[1].service = "com.amazonaws.us-east-1.lambda".into();
}

fn public(t: &mut Survey) {
    t.subnets[5].zone = "us-east-1c".into();
    t.subnets[0].cidr = "10.0.0.0/28".into();
    t.tables[1].routes[1].active = false;
    t.tables[3].routes.truncate(1);
    t.endpoints[0].tables.truncate(1);
    t.groups.clear();
}

fn closed(t: &mut Survey) {
    t.tables[1..3].iter_mut().for_each(|table| table.routes.truncate(1));
    for service in ["logs", "ecr.api", "ecr.dkr", "sqs", "sns"] {
        t.endpoints.push(endpoint(service, service, "Interface"));
    }
}

pub async fn others(book: &mut String) {
    part(book, "data quilt_template, quilt_snapshot, quilt_kms_key_policy");
    let old = || Fake::default().existing("old", "CREATE_COMPLETE");
    let cases = [
        ("quilt_template", "No template is given", json!({})),
        ("quilt_template", "Two are given", json!({ "template_file": "a", "template_body": "b" })),
        ("quilt_template", "It is a web page", json!({ "template_body": "<html>" })),
        ("quilt_template", "There is no such file", json!({ "template_file": "/nowhere.yaml" })),
        ("quilt_snapshot", "No database is named", json!({})),
        ("quilt_snapshot", "The stack has no database of its own", json!({ "stack_name": "old" })),
        (
            "quilt_snapshot",
            "There is no manual snapshot",
            json!({ "db_instance_identifier": "old-db-1" }),
        ),
        ("quilt_kms_key_policy", "The stack has none of the roles", json!({ "stack_name": "old" })),
        ("quilt_kms_key_policy", "There is no such stack", json!({ "stack_name": "new" })),
    ];
    for (name, title, config) in cases {
        data_source(book, name, title, old(), config).await;
    }
}
