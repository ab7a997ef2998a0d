//! `quilt_network`: what it is made of, its ways out, and the room that it needs.

use serde_json::{Value as Json, json};

use super::objects::mistake;
use super::scene::{Scene, scene, with};
use crate::aws::fake::Fake;

const NETWORK: &str = "quilt_network";

fn network(more: Json) -> Json {
    with(json!({ "name": "data", "enable_termination_protection": false }), more)
}

fn network_there(fake: Fake) -> Fake {
    let outputs = crate::quilt::network::outputs();
    fake.outputs(&outputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>())
}

pub fn scenes() -> Vec<Scene> {
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
        scene(NETWORK, "The account has no room for a VPC or for addresses")
            .over(|fake| fake.holding_room(5, 4, 0).allowing(5))
            .plan(network(json!({}))),
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
