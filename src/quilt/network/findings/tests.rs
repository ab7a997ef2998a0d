//! A network that does, and what is found when one thing of it is changed.

use super::example::{endpoint, parts, rule, texts, there};
use super::*;
use crate::quilt::network::existing::{Group, Role, Route, Rule};

/// What is found, as `name at[index]`, wrong things with an exclamation mark.
fn found(parts: &Parts, there: &Survey) -> Vec<String> {
    let all = judge(parts, there);
    for finding in &all {
        assert!(NAMES.contains(&finding.name), "{finding:?}");
        assert!(finding.found.ends_with('.') && finding.fix.ends_with('.'), "{finding:?}");
        assert!(!finding.what.ends_with('.'), "{finding:?}");
    }
    let told = all.iter().map(|f| {
        let index = f.at.1.map(|i| format!("[{i}]")).unwrap_or_default();
        let weight = if f.weight == Weight::Wrong { "!" } else { "" };
        format!("{}{weight} {}{index}", f.name, f.at.0)
    });
    told.collect()
}

/// What is found in an internal network that was changed.
fn changed(change: impl FnOnce(&mut Survey)) -> Vec<String> {
    let mut there = there();
    change(&mut there);
    found(&parts(true), &there)
}

/// The same in an internet-facing one.
fn facing(change: impl FnOnce(&mut Survey)) -> Vec<String> {
    let mut there = there();
    change(&mut there);
    found(&parts(false), &there)
}

#[test]
fn a_network_that_does_has_nothing_to_tell() {
    assert_eq!(found(&parts(true), &there()), [""; 0]);
    assert_eq!(found(&parts(false), &there()), [""; 0]);
}

#[test]
fn what_is_not_there_or_elsewhere_is_named() {
    assert_eq!(changed(|t| t.vpc = None), ["vpc! vpc_id"]);
    assert_eq!(facing(|t| t.subnets.truncate(5)), ["subnet! public_subnet_ids[1]"]);
    let other = changed(|t| t.subnets[2].vpc_id = "vpc-2".into());
    assert_eq!(other, ["subnet! intra_subnet_ids[0]"]);
    assert_eq!(changed(|t| t.groups.clear()), ["security_group! user_security_group_id"]);
    let other = changed(|t| t.groups[0].vpc_id = "vpc-2".into());
    assert_eq!(other, ["security_group! user_security_group_id"]);
    let gone = changed(|t| t.endpoints.truncate(1));
    assert_eq!(gone, ["api_gateway_endpoint! api_gateway_endpoint_id"]);
}

#[test]
fn names_in_the_vpc() {
    assert_eq!(changed(|t| t.dns_support = false), ["dns_attributes! vpc_id"]);
    assert_eq!(changed(|t| t.dns_hostnames = false), ["dns_attributes! vpc_id"]);
    assert_eq!(changed(|t| t.resolvers = texts(&["10.9.0.53"])), ["dns_resolver vpc_id"]);
    assert_eq!(changed(|t| t.resolvers = texts(&["10.0.0.2"])), [""; 0]);
}

#[test]
fn two_zones_and_the_same_two() {
    let one = changed(|t| t.subnets[3].zone = "us-east-1a".into());
    assert_eq!(one, ["zones! intra_subnet_ids"]);
    let other = facing(|t| t.subnets[5].zone = "us-east-1c".into());
    assert_eq!(other, ["zones! public_subnet_ids"]);
    let private = facing(|t| t.subnets[1].zone = "us-east-1a".into());
    assert_eq!(private, ["zones! private_subnet_ids"]);
}

#[test]
fn room_in_the_subnets() {
    // Private and user at once: 27 and 11 addresses, and AWS's five.
    let small = changed(|t| t.subnets[0].cidr = "10.0.0.0/27".into());
    assert_eq!(small, ["subnet_size! private_subnet_ids[0]"]);
    assert_eq!(facing(|t| t.subnets[0].cidr = "10.0.0.0/27".into()), [""; 0]);
    let tight = facing(|t| t.subnets[2].cidr = "10.0.2.0/28".into());
    assert_eq!(tight, ["subnet_size intra_subnet_ids[0]"]);
    assert_eq!(changed(|t| t.subnets[0].free = 37), ["free_addresses private_subnet_ids[0]"]);
    assert_eq!(changed(|t| t.subnets[0].free = 38), [""; 0]);
    assert_eq!(changed(|t| t.subnets[3].free = 26), ["free_addresses intra_subnet_ids[1]"]);
}

#[test]
fn ipv6_where_it_is_asked_for() {
    let without = |t: &mut Survey| t.subnets[2].ipv6 = false;
    assert_eq!(changed(without), ["ipv6! ipv6"]);
    let mut there = there();
    without(&mut there);
    assert_eq!(found(&Parts { ipv6: false, ..parts(true) }, &there), [""; 0]);
}

#[test]
fn ways_out() {
    let to = |way: &str| {
        let way = way.to_string();
        changed(|t| t.tables[1].routes[1].through = way)
    };
    for way in ["nat-2", "tgw-2", "vpce-2", "eni-2", "i-2", "vgw-2"] {
        assert_eq!(to(way), [""; 0], "{way}");
    }
    assert_eq!(to("igw-1"), ["private_route! private_subnet_ids[0]"]);
    let gone = changed(|t| t.tables[1].routes[1].active = false);
    assert_eq!(gone[0], "private_route! private_subnet_ids[0]");
    assert_eq!(facing(|t| drop(t.tables.remove(3))).len(), 2, "the main table has no way out");
    let nat = facing(|t| t.tables[3].routes[1].through = "nat-1".into());
    assert_eq!(nat, ["public_route! public_subnet_ids[0]", "public_route! public_subnet_ids[1]"]);
    let open = Route { to: "::/0".into(), through: "eigw-1".into(), active: true };
    let open = changed(|t| t.tables[0].routes.push(open));
    assert_eq!(open, ["intra_route intra_subnet_ids[0]", "intra_route intra_subnet_ids[1]"]);
}

#[test]
fn without_a_way_out_endpoints_do() {
    let closed = |t: &mut Survey| t.tables[1..3].iter_mut().for_each(|t| t.routes.truncate(1));
    let lone = changed(closed);
    assert_eq!(
        lone,
        ["private_route! private_subnet_ids[0]", "private_route! private_subnet_ids[1]"]
    );
    let with = changed(|t| {
        closed(t);
        for service in ["logs", "ecr.api", "ecr.dkr", "sqs", "sns"] {
            t.endpoints.push(endpoint(service, service, "Interface"));
        }
    });
    assert_eq!(
        with,
        ["private_route private_subnet_ids[0]", "private_route private_subnet_ids[1]"]
    );
    let nothing = changed(|t| {
        closed(t);
        t.endpoints.remove(0);
    });
    assert_eq!(nothing[2], "s3_endpoint! private_subnet_ids");
}

#[test]
fn the_way_to_s3() {
    let private = ["s3_endpoint private_subnet_ids"];
    assert_eq!(changed(|t| drop(t.endpoints.remove(0))), private);
    assert_eq!(changed(|t| t.endpoints[0].tables.truncate(1)), private);
    assert_eq!(changed(|t| t.endpoints[0].state = "deleting".into()), private);
    let mut there = there();
    there.endpoints[0].tables.truncate(1);
    let fix = &judge(&parts(true), &there)[0].fix;
    assert!(fix.contains("--vpc-endpoint-id vpce-s3 --add-route-table-ids rtb-2`"), "{fix}");
}

#[test]
fn ways_in() {
    let ports = |ports: &[i64]| {
        let rules = ports.iter().map(|port| rule(*port)).collect();
        facing(|t| t.groups[0].rules = rules)
    };
    assert_eq!(ports(&[443]), ["security_group_http user_security_group_id"]);
    assert_eq!(ports(&[80]), ["security_group_https! user_security_group_id"]);
    let all = Rule { protocol: "-1".into(), ports: None, sources: texts(&["sg-2"]) };
    assert_eq!(facing(|t| t.groups[0].rules = vec![all.clone()]), [""; 0]);
    let nobody = Rule { sources: vec![], ..all };
    assert_eq!(facing(|t| t.groups[0].rules = vec![nobody]).len(), 2);
    let closed = Group { id: "sg-2".into(), vpc_id: "vpc-1".into(), rules: vec![rule(22)] };
    let closed = changed(|t| {
        t.endpoints[1].groups = texts(&["sg-2"]);
        t.groups.push(closed);
    });
    assert_eq!(closed, ["api_gateway_endpoint_https! api_gateway_endpoint_id"]);
}

#[test]
fn an_endpoint_that_does_not_serve() {
    let api = ["api_gateway_endpoint! api_gateway_endpoint_id"];
    assert_eq!(changed(|t| t.endpoints[1].state = "pendingAcceptance".into()), api);
    assert_eq!(changed(|t| t.endpoints[1].private_dns = false), api);
    assert_eq!(changed(|t| t.endpoints[1].kind = "GatewayLoadBalancer".into()), api);
    let other = changed(|t| t.endpoints[1].service = "com.amazonaws.us-east-1.lambda".into());
    assert_eq!(other, api);
    let elsewhere =
        changed(|t| t.endpoints[1].service = "com.amazonaws.eu-west-1.execute-api".into());
    assert_eq!(elsewhere, api);
}

#[test]
fn roles_have_words_and_arguments() {
    let words: Vec<_> =
        Role::ALL.iter().map(|role| format!("{}_subnet_ids", role.word())).collect();
    assert_eq!(words, Role::ALL.map(Role::argument));
}

#[test]
fn everything_is_found_at_once() {
    let all = changed(|t| {
        t.dns_support = false;
        t.subnets[3].zone = "us-east-1a".into();
        t.tables[1].routes.truncate(1);
        t.groups[0].rules.clear();
        t.endpoints[1].private_dns = false;
    });
    assert_eq!(all.len(), 7, "{all:?}");
}
