//! What is wrong in a `quilt_network` is pointed at, offline.

use super::*;

fn mistakes(config: NetworkState) -> Vec<(String, String)> {
    let mut d = Diagnostics::default();
    AnyResource::validate(&NetworkResource::default(), &config.write_object(), true, &mut d);
    d.errors.iter().map(|e| (e.attribute.to_string(), e.detail.to_string())).collect()
}

fn ranges(items: &[&str]) -> Value<Set<Value<String>>> {
    Set(items.iter().map(|i| known(*i)).collect()).into()
}

fn through(id: Value<String>) -> NetworkState {
    NetworkState { transit_gateway_id: id, ..config() }
}

#[test]
fn mistakes_are_pointed_at() {
    assert_eq!(mistakes(config()), []);
    assert_eq!(
        mistakes(NetworkState {
            cidr: Value::Unknown,
            availability_zones: Value::Unknown,
            ingress_cidrs: Value::Unknown,
            transit_gateway_id: Value::Unknown,
            nat_gateways: known("single"),
            interface_endpoints: Value::Unknown,
            flow_logs: Value::Unknown,
            flow_logs_bucket_arn: known("arn:aws:s3:::records"),
            ..config()
        }),
        []
    );
    for (config, at, why) in [
        (NetworkState { name: known("Prod"), ..config() }, "name", "lower-case"),
        (NetworkState { cidr: known("10.0.0.1/16"), ..config() }, "cidr", "Write `10.0.0.0/16`."),
        (NetworkState { cidr: known("10.0.0.0/25"), ..config() }, "cidr", "too small"),
        (NetworkState { cidr: known("10.0.0.0/8"), ..config() }, "cidr", "too large"),
        (NetworkState { cidr: known("2001:db8::/56"), ..config() }, "cidr", "IPv6"),
        (
            NetworkState { nat_gateways: known("two"), ..config() },
            "nat_gateways",
            "Write `one_per_az`, `single` or `none`",
        ),
        (
            NetworkState { availability_zones: list(&["eu-west-1a"]), ..config() },
            "availability_zones",
            "Two zones",
        ),
        (
            NetworkState { availability_zones: list(&["a", "a"]), ..config() },
            "availability_zones",
            "two different",
        ),
        (
            NetworkState { ingress_cidrs: ranges(&["10.0.0.1/8"]), ..config() },
            "ingress_cidrs",
            "Write `10.0.0.0/8`.",
        ),
        (
            NetworkState { ingress_cidrs: ranges(&[]), ..config() },
            "ingress_cidrs",
            "nobody could reach",
        ),
        (
            NetworkState { template_version: known("9"), ..config() },
            "template_version",
            "newest version here is 2",
        ),
        (NetworkState { vpc_id: known("vpc-1"), ..config() }, "vpc_id", "read-only"),
        (
            NetworkState { transit_gateway_id: known("tgw-attach-1"), ..config() },
            "transit_gateway_id",
            "is an attachment of one",
        ),
        (
            NetworkState { nat_gateways: known("single"), ..through(known("tgw-1")) },
            "nat_gateways",
            "two ways out of the same subnets",
        ),
        (
            NetworkState { transit_gateway_ipv6_egress: true.into(), ..config() },
            "transit_gateway_ipv6_egress",
            "There is no transit gateway",
        ),
        (
            NetworkState {
                transit_gateway_ipv6_egress: true.into(),
                ipv6: false.into(),
                ..through(Value::Unknown)
            },
            "transit_gateway_ipv6_egress",
            "has no IPv6",
        ),
        (
            NetworkState { interface_endpoints: ranges(&["s3"]), ..config() },
            "interface_endpoints",
            "s3_gateway_endpoint",
        ),
        (
            NetworkState { flow_logs: known("cloudwatch"), ..config() },
            "flow_logs",
            "`cloud-watch-logs`",
        ),
        (NetworkState { flow_logs: known("s3"), ..config() }, "flow_logs", "Say which bucket"),
        (
            NetworkState { flow_logs_bucket_arn: known("arn:aws:s3:::records"), ..config() },
            "flow_logs_bucket_arn",
            "`flow_logs = \"s3\"` alone",
        ),
        (
            NetworkState { flow_logs_retention_days: 30.into(), ..config() },
            "flow_logs_retention_days",
            "for the log group",
        ),
        (
            NetworkState {
                flow_logs: known("cloud-watch-logs"),
                flow_logs_retention_days: 100.into(),
                ..config()
            },
            "flow_logs_retention_days",
            "The nearest is 90.",
        ),
    ] {
        let found = mistakes(config);
        assert!(
            found.len() == 1 && found[0].0 == at && found[0].1.contains(why),
            "{at}: {found:?}"
        );
    }
}
