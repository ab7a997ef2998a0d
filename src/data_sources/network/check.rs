//! Which arguments an internal and an internet-facing network have: what can be said offline.

use super::{Ids, NetworkLookup};
use crate::quilt::network::findings::NAMES;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

/// What cannot be meant: without these parts there is no network.
const PARTS: [&str; 3] = ["vpc", "subnet", "security_group"];

/// A finding that a configuration may accept.
pub fn may_be_accepted(name: &str) -> bool {
    NAMES.contains(&name) && !PARTS.contains(&name)
}

/// Checks a configuration. What is not known is not checked.
pub fn arguments(config: &NetworkLookup, d: &mut Diagnostics) {
    id("vpc_id", "a VPC", "vpc-", &config.vpc_id, d);
    id("user_security_group_id", "a security group", "sg-", &config.user_security_group_id, d);
    id("api_gateway_endpoint_id", "an endpoint", "vpce-", &config.api_gateway_endpoint_id, d);
    for (name, list) in lists(config) {
        pair(name, list, d);
    }
    if let Some(internal) = internal(config) {
        kind(config, internal, d);
    }
    accepted(&config.accept, d);
}

fn lists(config: &NetworkLookup) -> [(&'static str, &Value<Ids>); 4] {
    [
        ("private_subnet_ids", &config.private_subnet_ids),
        ("intra_subnet_ids", &config.intra_subnet_ids),
        ("public_subnet_ids", &config.public_subnet_ids),
        ("user_subnet_ids", &config.user_subnet_ids),
    ]
}

/// `None`: not known yet.
fn internal(config: &NetworkLookup) -> Option<bool> {
    (!config.internal.is_unknown()).then(|| config.internal.as_option().unwrap_or_default())
}

fn id(name: &'static str, what: &str, begins: &str, value: &Value<String>, d: &mut Diagnostics) {
    if let Value::Value(id) = value {
        named(AttributePath::new(name), what, begins, id, d);
    }
}

fn named(at: AttributePath, what: &str, begins: &str, id: &str, d: &mut Diagnostics) {
    let rest = id.strip_prefix(begins).unwrap_or_default();
    if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        let detail = format!("It is `{id}`. Write {what} by its id, which begins with `{begins}`.");
        d.fail_at(at, format!("This is not the id of {what}"), detail);
    }
}

/// Two ids that are not the same. An empty list is none.
fn pair(name: &'static str, list: &Value<Ids>, d: &mut Diagnostics) {
    let Value::Value(ids) = list else { return };
    for (index, id) in ids.iter().enumerate() {
        let at = AttributePath::new(name).index(index as i64);
        match id {
            Value::Value(id) => named(at, "a subnet", "subnet-", id, d),
            Value::Null => {
                d.fail_at(at, "A subnet is missing", "It is null. Write the subnet's id.")
            }
            Value::Unknown => {}
        }
    }
    let wrong = match ids.as_slice() {
        [] => return,
        [Value::Value(one), Value::Value(other)] if one == other => {
            format!("Both are `{one}`. Give one subnet in each of two zones.")
        }
        [_, _] => return,
        ids => format!("This list has {}. Give two, one in each of two zones.", ids.len()),
    };
    d.fail_at(AttributePath::new(name), "Two subnets are needed", wrong);
}

/// What the kind of a network needs, and what it cannot have.
fn kind(config: &NetworkLookup, internal: bool, d: &mut Diagnostics) {
    let none = |list: &Value<Ids>| match list {
        Value::Unknown => None,
        Value::Null => Some(true),
        Value::Value(ids) => Some(ids.is_empty()),
    };
    let endpoint = (!config.api_gateway_endpoint_id.is_unknown())
        .then(|| config.api_gateway_endpoint_id.is_null());
    let rows = [
        ("private_subnet_ids", none(&config.private_subnet_ids), true, "services"),
        ("intra_subnet_ids", none(&config.intra_subnet_ids), true, "database and search"),
        ("public_subnet_ids", none(&config.public_subnet_ids), !internal, "its load balancer"),
        ("user_subnet_ids", none(&config.user_subnet_ids), internal, "its load balancer"),
        ("api_gateway_endpoint_id", endpoint, internal, "calls of its API"),
    ];
    let (word, other) = match internal {
        true => ("internal", "leave `internal` out"),
        false => ("internet-facing", "set `internal = true`"),
    };
    for (name, lacks, needed, whose) in rows {
        let at = AttributePath::new(name);
        match (lacks, needed) {
            (Some(true), true) => {
                let only = if name.starts_with("private") || name.starts_with("intra") {
                    String::new()
                } else {
                    format!(" Or {other}.")
                };
                let detail =
                    format!("An {word} network needs it for {whose}. Write `{name}`.{only}");
                d.fail_at(at, format!("`{name}` is missing"), detail);
            }
            (Some(false), false) => {
                let detail = format!("An {word} network has none. Remove `{name}`, or {other}.");
                d.fail_at(at, format!("`{name}` does not belong to an {word} network"), detail);
            }
            _ => {}
        }
    }
}

fn accepted(names: &Value<Set<Value<String>>>, d: &mut Diagnostics) {
    let names = names.as_ref_option().into_iter().flatten();
    for name in names.filter_map(Value::as_deref_option).filter(|name| !may_be_accepted(name)) {
        let all: Vec<_> = NAMES.into_iter().filter(|name| may_be_accepted(name)).collect();
        let detail = format!("`{name}` cannot be accepted. These can: {}.", all.join(", "));
        d.fail_at(AttributePath::new("accept"), "There is no such finding", detail);
    }
}
