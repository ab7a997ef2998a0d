//! What of a `quilt_network` excludes or needs what else: ways out, endpoints, flow logs, and the version of the template.

use super::{NetworkState, check};
use crate::cloudformation::stack::Stack;
use crate::outcome::{Error, Result};
use crate::quilt::network::NatGateways;
use crate::quilt::network::flow_logs::{RETENTION, Target};
use crate::quilt::network::services::lacks;
use crate::quilt::templates::declared;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// A rule that is broken: the attribute, a title, and what to write.
type Broken = (&'static str, &'static str, String);

/// Checks arguments of a configuration against each other. What is not known is not checked.
pub fn validate(config: &NetworkState, d: &mut Diagnostics) {
    let broken = ways_out(config).into_iter().chain(ipv6_egress(config)).chain(flow_logs(config));
    for (attribute, title, why) in broken {
        d.fail_at(AttributePath::new(attribute), title, why);
    }
}

/// Two ways out of the same subnets.
fn ways_out(config: &NetworkState) -> Option<Broken> {
    let (id, nat) =
        (config.transit_gateway_id.as_ref_option()?, config.nat_gateways.as_ref_option()?);
    let others = [NatGateways::OnePerAz, NatGateways::Single];
    others.iter().any(|mode| mode.word() == nat).then(|| {
        let why = format!(
            "`nat_gateways = \"{nat}\"` and the transit gateway {id} are two ways out of the same subnets, and a route table has one default \
             route. Leave `nat_gateways` out, or `transit_gateway_id`."
        );
        ("nat_gateways", "NAT and a transit gateway exclude each other", why)
    })
}

/// A way out over IPv6 that leads nowhere.
fn ipv6_egress(config: &NetworkState) -> Option<Broken> {
    let on = config.transit_gateway_ipv6_egress == Value::Value(true);
    let why = match (&config.transit_gateway_id, &config.ipv6) {
        _ if !on => return None,
        (Value::Null, _) => {
            "There is no transit gateway: give `transit_gateway_id`, or leave it out."
        }
        (_, Value::Value(false)) => {
            "The network has no IPv6 (`ipv6 = false`): leave one of the two out."
        }
        _ => return None,
    };
    Some(("transit_gateway_ipv6_egress", "There is no such way out", why.into()))
}

/// Where records go, and what is said of that.
fn flow_logs(config: &NetworkState) -> Option<Broken> {
    let to = match &config.flow_logs {
        Value::Value(word) => Target::of(word).ok()?,
        Value::Null => Target::None,
        Value::Unknown => return None,
    };
    let (bucket, days) = (&config.flow_logs_bucket_arn, &config.flow_logs_retention_days);
    match to {
        Target::Bucket if bucket.is_null() => {
            let why = "Say which bucket: `flow_logs_bucket_arn = \"arn:aws:s3:::records\"`.";
            Some(("flow_logs", "The bucket for flow logs is not named", why.into()))
        }
        Target::None | Target::Group if !bucket.is_null() => {
            let why = "Records go to a bucket with `flow_logs = \"s3\"` alone. Write that, or leave the bucket out.";
            Some(("flow_logs_bucket_arn", "Nothing would go to this bucket", why.into()))
        }
        Target::None | Target::Bucket if matches!(days, Value::Value(_)) => {
            let why = "It is for the log group of `flow_logs = \"cloud-watch-logs\"`. Write that, or leave the days out; a bucket keeps records \
                       as its lifecycle rules say.";
            Some(("flow_logs_retention_days", "There is no log group", why.into()))
        }
        _ => None,
    }
}

/// The way out where nothing is said.
pub fn nat_gateways(transit: &Value<String>) -> Value<String> {
    let mode = match transit {
        Value::Null => NatGateways::OnePerAz,
        Value::Value(_) => NatGateways::None,
        Value::Unknown => return Value::Unknown,
    };
    mode.word().to_string().into()
}

/// The first of the arguments that the first version of the template does not have, and that says something.
fn young(planned: &NetworkState) -> Option<&'static str> {
    let text = |value: &Value<String>, usual: &str| {
        value.as_ref_option().is_some_and(|value| value != usual)
    };
    let named = planned.interface_endpoints.as_ref_option().is_some_and(|set| !set.0.is_empty());
    let days = planned.flow_logs_retention_days.as_option().is_some_and(|days| days != RETENTION);
    let all = [
        ("transit_gateway_id", text(&planned.transit_gateway_id, "")),
        ("interface_endpoints", named),
        ("flow_logs", text(&planned.flow_logs, Target::None.word())),
        ("flow_logs_retention_days", days),
    ];
    all.into_iter().find_map(|(name, said)| said.then_some(name))
}

/// Refuses what the version of the template does not have.
pub fn version(planned: &NetworkState, d: &mut Diagnostics) {
    let first = planned.template_version.as_deref_option() == Some("1");
    if let Some(attribute) = young(planned).filter(|_| first) {
        d.fail_at(AttributePath::new(attribute), OLD, RAISE);
    }
}

const OLD: &str = "The version of the template does not have this";
const RAISE: &str = "The network is made from version 1 of the template. Write `template_version = \"2\"` as well: by itself that replaces and changes \
                     nothing.";

/// Refuses to send what the stack's template does not declare: the last look, for what a plan could not know.
pub fn sendable(planned: &NetworkState, live: &Stack, template: Option<&str>) -> Result<()> {
    const NEW: &str = "TransitGatewayId";
    let has = template.map_or(live.parameters.contains_key(NEW), |t| declared(t).contains(NEW));
    match young(planned).filter(|_| !has) {
        Some(attribute) => Err(Error::config(AttributePath::new(attribute), OLD, RAISE)),
        None => Ok(()),
    }
}

/// What decides whether the private subnets reach AWS's services.
fn reach(state: &NetworkState) -> [Value<String>; 5] {
    let flag = |value: &Value<bool>| value.as_option().map(|on| on.to_string()).into();
    let named =
        check::known(&state.interface_endpoints.as_ref_option().map(|s| s.0.clone()).into());
    [
        state.nat_gateways.clone(),
        state.transit_gateway_id.clone(),
        named.map(|names| names.join(" ")).into(),
        flag(&state.s3_gateway_endpoint),
        flag(&state.api_gateway_endpoint),
    ]
}

/// Says what a network whose private subnets have no way out lacks, when this plan makes it so.
pub fn services(planned: &NetworkState, prior: Option<&NetworkState>, d: &mut Diagnostics) {
    let none = planned.nat_gateways.as_deref_option() == Some(NatGateways::None.word());
    let same = prior.is_some_and(|prior| reach(prior) == reach(planned));
    if !none || !planned.transit_gateway_id.is_null() || same {
        return;
    }
    if planned.interface_endpoints.is_unknown() {
        return;
    }
    let set = planned.interface_endpoints.as_ref_option().map_or(vec![], |set| set.0.clone());
    let Some(named) = check::known(&Value::Value(set)) else { return };
    let on = |flag: &Value<bool>| *flag != Value::Value(false);
    let (s3, api) = (on(&planned.s3_gateway_endpoint), on(&planned.api_gateway_endpoint));
    if let Some(lacking) = lacks(&named.into_iter().collect(), s3, api) {
        let detail = format!(
            "With `nat_gateways = \"none\"` and without a transit gateway they reach only what is inside. {lacking} Name them in \
             `interface_endpoints`, or bring a route of your own. Identity providers, telemetry and Quilt's e-mail service are not AWS's: \
             they need a way out in any case."
        );
        let title = "The private subnets have no way out";
        d.warn_at(AttributePath::new("interface_endpoints"), title, detail);
    }
}
