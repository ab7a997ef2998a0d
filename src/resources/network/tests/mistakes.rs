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

#[test]
fn mistakes_are_pointed_at() {
    assert_eq!(mistakes(config()), []);
    assert_eq!(
        mistakes(NetworkState {
            cidr: Value::Unknown,
            availability_zones: Value::Unknown,
            ingress_cidrs: Value::Unknown,
            ..config()
        }),
        []
    );
    for (config, at, why) in [
        (NetworkState { name: known("Prod"), ..config() }, "name", "lower-case"),
        (
            NetworkState { cidr: known("10.0.0.1/16"), ..config() },
            "cidr",
            "The network meant is 10.0.0.0/16.",
        ),
        (NetworkState { cidr: known("10.0.0.0/25"), ..config() }, "cidr", "too small"),
        (NetworkState { cidr: known("10.0.0.0/8"), ..config() }, "cidr", "too large"),
        (NetworkState { cidr: known("2001:db8::/56"), ..config() }, "cidr", "IPv6"),
        (
            NetworkState { nat_gateways: known("two"), ..config() },
            "nat_gateways",
            "none of one_per_az",
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
            "The network meant is 10.0.0.0/8.",
        ),
        (
            NetworkState { ingress_cidrs: ranges(&[]), ..config() },
            "ingress_cidrs",
            "nobody could reach",
        ),
        (
            NetworkState { template_version: known("9"), ..config() },
            "template_version",
            "the newest is 1",
        ),
        (NetworkState { vpc_id: known("vpc-1"), ..config() }, "vpc_id", "read-only"),
    ] {
        let found = mistakes(config);
        assert!(
            found.len() == 1 && found[0].0 == at && found[0].1.contains(why),
            "{at}: {found:?}"
        );
    }
}
