//! What can be said about a `quilt_network` offline, and its settings once everything is known.

use std::collections::BTreeSet;

use super::{NetworkState, Strings};
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::preflight::{Intent, Room, at_plan};
use crate::quilt::names;
use crate::quilt::network::flow_logs::{FlowLogs, RETENTION, Target, check_bucket, check_days};
use crate::quilt::network::services::check_service;
use crate::quilt::network::transit::{self, Transit};
use crate::quilt::network::{self, Division, NatGateways, Network};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

/// A check of one attribute: its name, what to say when it fails, and why it does.
type Finding = (&'static str, &'static str, Result<(), String>);

/// Checks a configuration. What is not known is not checked.
pub fn validate(config: &NetworkState, d: &mut Diagnostics) {
    for (attribute, summary, found) in findings(config) {
        if let Err(why) = found {
            d.fail_at(AttributePath::new(attribute), summary, why);
        }
    }
}

fn findings(config: &NetworkState) -> Vec<Finding> {
    let text = |value: &Value<String>, check: fn(&str) -> Result<(), String>| {
        value.as_ref_option().map_or(Ok(()), |v| check(v))
    };
    let mut found = vec![
        ("name", "This name is not valid", text(&config.name, names::check_object_name)),
        (
            "cidr",
            "This range is not valid",
            text(&config.cidr, |cidr| Division::of(cidr).map(drop)),
        ),
        (
            "nat_gateways",
            "Not one of the values",
            text(&config.nat_gateways, |word| NatGateways::of(word).map(drop)),
        ),
        (
            "transit_gateway_id",
            "This is no transit gateway",
            text(&config.transit_gateway_id, transit::check_id),
        ),
        (
            "flow_logs",
            "Not one of the values",
            text(&config.flow_logs, |word| Target::of(word).map(drop)),
        ),
        (
            "flow_logs_bucket_arn",
            "This is no bucket",
            text(&config.flow_logs_bucket_arn, check_bucket),
        ),
        (
            "flow_logs_retention_days",
            "This number of days is not possible",
            config.flow_logs_retention_days.as_option().map_or(Ok(()), check_days),
        ),
    ];
    if let Some(zones) = known(&config.availability_zones) {
        found.push((
            "availability_zones",
            "These zones are not valid",
            network::check_zones(&zones).map(drop),
        ));
    }
    found.extend(
        services(&config.interface_endpoints)
            .into_iter()
            .map(|found| ("interface_endpoints", "There is no such endpoint", found)),
    );
    found.extend(
        ingress(&config.ingress_cidrs)
            .into_iter()
            .map(|found| ("ingress_cidrs", "These ranges are not valid", found)),
    );
    found
}

/// Each service that is known.
fn services(names: &Value<Set<Value<String>>>) -> Vec<Result<(), String>> {
    let names = names.as_ref_option().into_iter().flat_map(|set| &set.0);
    let each = names.filter_map(|name| match name {
        Value::Value(name) => Some(check_service(name)),
        Value::Null => Some(Err("One of them is null.".into())),
        Value::Unknown => None,
    });
    each.collect()
}

/// Each range that is known, and all together once every one is.
fn ingress(ranges: &Value<Set<Value<String>>>) -> Vec<Result<(), String>> {
    let Value::Value(Set(ranges)) = ranges else { return vec![] };
    let each = ranges.iter().filter_map(|range| match range {
        Value::Value(range) => Some(network::check_range(range)),
        Value::Null => Some(Err("One of them is null.".into())),
        Value::Unknown => None,
    });
    let all = known(&Value::Value(ranges.clone()))
        .map(|all| network::check_ranges(&all.into_iter().collect()));
    each.chain(all).collect()
}

/// The strings of a list, if all of them are known.
pub fn known(list: &Value<Strings>) -> Option<Vec<String>> {
    list.as_ref_option()?.iter().map(|item| item.as_ref_option().cloned()).collect()
}

/// The settings that a plan has made, every value known.
pub fn settings(planned: &NetworkState) -> Result<Network> {
    let failed = findings(planned)
        .into_iter()
        .find_map(|(attribute, summary, found)| Some((attribute, summary, found.err()?)));
    if let Some((attribute, summary, why)) = failed {
        return Err(Error::config(AttributePath::new(attribute), summary, why));
    }
    let text = |value: &Value<String>| value.as_ref_option().cloned().unwrap_or_default();
    let at = |attribute: &'static str| {
        move |why: String| {
            Error::config(AttributePath::new(attribute), "This value is not valid", why)
        }
    };
    let zones =
        known(&planned.availability_zones).map(|zones| network::check_zones(&zones)).transpose();
    let all = |set: &Value<Set<Value<String>>>| -> BTreeSet<String> {
        set.as_ref_option().into_iter().flat_map(|set| &set.0).map(text).collect()
    };
    let on = |flag: &Value<bool>| *flag == Value::Value(true);
    Ok(Network {
        division: Division::of(&text(&planned.cidr)).map_err(at("cidr"))?,
        availability_zones: zones.map_err(at("availability_zones"))?,
        internal: on(&planned.internal),
        nat_gateways: NatGateways::of(&text(&planned.nat_gateways)).map_err(at("nat_gateways"))?,
        ipv6: on(&planned.ipv6),
        api_gateway_endpoint: on(&planned.api_gateway_endpoint),
        s3_gateway_endpoint: on(&planned.s3_gateway_endpoint),
        ingress_cidrs: all(&planned.ingress_cidrs),
        transit_gateway: planned.transit_gateway_id.as_ref_option().map(|id| Transit {
            id: id.clone(),
            ipv6_egress: on(&planned.transit_gateway_ipv6_egress),
        }),
        interface_endpoints: all(&planned.interface_endpoints),
        flow_logs: FlowLogs {
            to: target(planned).map_err(at("flow_logs"))?,
            bucket_arn: planned.flow_logs_bucket_arn.as_ref_option().cloned(),
            retention_days: planned.flow_logs_retention_days.as_option().unwrap_or(RETENTION),
        },
    })
}

/// Where records of traffic go; nowhere unless it is said.
fn target(planned: &NetworkState) -> Result<Target, String> {
    planned.flow_logs.as_deref_option().map_or(Ok(Target::None), Target::of)
}

/// How many NAT gateways it will have, each with an address.
fn nats(planned: &NetworkState) -> usize {
    let mode = planned.nat_gateways.as_deref_option().and_then(|word| NatGateways::of(word).ok());
    mode.map_or(0, NatGateways::count)
}

/// Looks ahead at whether a network can be made here.
pub async fn ahead(
    cx: &Cx,
    config: &NetworkState,
    planned: &NetworkState,
    d: &mut Diagnostics,
) -> Result<()> {
    if config.region.is_unknown() {
        return Ok(());
    }
    let Some(aws) = cx.aws_if_known(config.region.as_deref_option()).await? else { return Ok(()) };
    let intent = Intent {
        availability_zones: known(&config.availability_zones).unwrap_or_default(),
        cidr: planned.cidr.as_ref_option().cloned(),
        room: Room { vpcs: 1, addresses: nats(planned), trails: 0 },
        ..Intent::default()
    };
    at_plan(cx, &aws, &intent, AttributePath::new, d).await;
    Ok(())
}
