//! `quilt_stack`: what its account and the network it is given have no room for, at plan.

use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, template};
use super::stack::config;
use crate::aws::Leave;
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::quilt::network::existing::{Subnet, Survey, Vpc};

/// The subnets of two networks.
fn two_networks(fake: Fake) -> Fake {
    let subnet = |(id, vpc_id, zone): (&str, &str, &str)| Subnet {
        id: id.into(),
        vpc_id: vpc_id.into(),
        zone: zone.into(),
        cidr: "10.0.0.0/20".into(),
        free: 4000,
        ipv6: false,
    };
    let subnets = [
        ("subnet-1", "vpc-1", "us-east-1a"),
        ("subnet-2", "vpc-1", "us-east-1b"),
        ("subnet-3", "vpc-2", "us-east-1a"),
        ("subnet-5", "vpc-1", "us-east-1a"),
        ("subnet-6", "vpc-1", "us-east-1a"),
    ];
    let vpc = Some(Vpc { id: "vpc-1".into(), ..Vpc::default() });
    fake.network(Survey { vpc, subnets: subnets.map(subnet).into(), ..Survey::default() })
}

/// A stack in a network with these subnets.
fn given(private: &[&str], public: &[&str]) -> Json {
    let list = json!({ "Type": "List<AWS::EC2::Subnet::Id>" });
    let body = template(json!({
        "VPC": { "Type": "AWS::EC2::VPC::Id" }, "Subnets": list, "PublicSubnets": list,
    }));
    config(json!({
        "parameters": null,
        "template_body": body,
        "network": {
            "vpc_id": "vpc-1", "internal": false, "private_subnet_ids": private, "public_subnet_ids": public,
        },
    }))
}

pub fn scenes() -> Vec<Scene> {
    let there = |title| scene("quilt_stack", title).over(two_networks);
    let writes = |title, leave| {
        let large = template(json!({
            "Size": { "Type": "String", "Default": "small", "Description": "x".repeat(60_000) },
        }));
        scene("quilt_stack", title)
            .under(|settings| settings.template_bucket = Some("templates".into()))
            .over(move |fake| fake.without_leave("s3:PutObject", Some(leave)))
            .plan(config(json!({ "template_body": large })))
    };
    let trail = json!({ "Resources": { "Trail": { "Type": "AWS::CloudTrail::Trail" } } });
    vec![
        there("One private subnet where two are needed")
            .plan(given(&["subnet-1"], &["subnet-1", "subnet-2"])),
        there("A subnet of another network, and one that there is not")
            .plan(given(&["subnet-1", "subnet-2"], &["subnet-3", "subnet-4"])),
        there("Two subnets in one zone")
            .plan(given(&["subnet-1", "subnet-2"], &["subnet-5", "subnet-6"])),
        there("Subnets that may not be looked at")
            .over(|fake| fake.fail("subnets", AwsErrorKind::Denied))
            .plan(given(&["subnet-1", "subnet-2"], &["subnet-3", "subnet-4"])),
        writes(
            "A bucket for templates that nothing lets these credentials write to",
            Leave::Missing,
        ),
        writes("A bucket for templates that a policy keeps these credentials from", Leave::Denied),
        scene("quilt_stack", "A trail for which there is no room")
            .over(|fake| fake.holding_room(0, 0, 5))
            .plan(config(json!({ "parameters": null, "template_body": trail.to_string() }))),
    ]
}
