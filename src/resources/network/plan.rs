//! The plan of a `quilt_network`: every range is known ahead, and nothing that a subnet is made with ever changes.

use super::{NetworkResource, NetworkState, Strings, check, seen};
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::Result;
use crate::quilt::network::{Division, Tier};
use crate::quilt::templates::Templates;
use crate::resources::protection::{self, Origin};
use crate::resources::{inside, standing, tags};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(
    cx: &Cx,
    templates: Templates,
    draft: &mut Draft<NetworkResource>,
    d: &mut Diagnostics,
) -> Result<()> {
    inside::region(cx, &mut draft.planned.region, &draft.config.region).await?;
    follow(cx, &mut draft.planned, &draft.config, d);
    let version = draft.prior.as_ref().map(|prior| &prior.template_version);
    inside::plan(
        templates,
        &mut draft.planned.template_version,
        &draft.config.template_version,
        version,
        d,
    );
    let Some(prior) = draft.prior.clone() else {
        creation(&mut draft.planned, &draft.config);
        return Ok(());
    };
    let status = status(&prior);
    if standing::stuck(&status, false) {
        standing::replaced(&NetworkResource::subject(&prior), &status, d);
        draft.planned.stack_id = Value::Unknown;
        draft.replace.push(AttributePath::new("stack_id"));
        return Ok(());
    }
    if draft.replace.is_empty() {
        refuse(&prior, &draft.planned, d);
    }
    update(&mut draft.planned, &prior, &draft.config, &draft.private);
    if !status.settled() {
        standing::resumes(&NetworkResource::subject(&prior), &status, d);
    }
    if draft.planned == prior { Ok(()) } else { standing::updatable(&status, false) }
}

fn status(state: &NetworkState) -> Status {
    Status::from(state.status.as_ref_option().map_or("", String::as_str))
}

/// What follows from other arguments.
fn follow(cx: &Cx, planned: &mut NetworkState, config: &NetworkState, d: &mut Diagnostics) {
    if matches!(config.api_gateway_endpoint, Value::Null) {
        planned.api_gateway_endpoint = planned.internal;
    }
    planned.tags_all = tags::of_stack(&cx.settings, &planned.tags, d);
}

fn creation(planned: &mut NetworkState, config: &NetworkState) {
    protection::plan(
        &mut planned.enable_termination_protection,
        &config.enable_termination_protection,
        true,
    );
    for ids in [
        &mut planned.private_subnet_ids,
        &mut planned.public_subnet_ids,
        &mut planned.intra_subnet_ids,
    ] {
        *ids = vec![Value::Unknown, Value::Unknown].into();
    }
    planned.subnets = subnets(planned);
    users(planned, None);
}

fn update(
    planned: &mut NetworkState,
    prior: &NetworkState,
    config: &NetworkState,
    private: &Origin,
) {
    protection::plan(
        &mut planned.enable_termination_protection,
        &config.enable_termination_protection,
        private.created,
    );
    unfinished(planned, prior);
    users(planned, Some(prior));
    let settled = NetworkState { status: prior.status.clone(), ..planned.clone() };
    let same = settled == *prior;
    planned.status =
        if same && status(prior).settled() { prior.status.clone() } else { Value::Unknown };
}

/// What a creation that was stopped has not given yet.
fn unfinished(planned: &mut NetworkState, prior: &NetworkState) {
    if matches!(prior.availability_zones, Value::Null)
        && matches!(planned.availability_zones, Value::Null)
    {
        planned.availability_zones = Value::Unknown;
    }
    for slot in [&mut planned.vpc_id, &mut planned.user_security_group_id] {
        unknown_if_null(slot);
    }
    for ids in [
        &mut planned.private_subnet_ids,
        &mut planned.public_subnet_ids,
        &mut planned.intra_subnet_ids,
    ] {
        if check::known(ids).is_none() {
            *ids = vec![Value::Unknown, Value::Unknown].into();
            planned.subnets = Value::Unknown;
        }
    }
    if matches!(planned.subnets, Value::Unknown) {
        planned.subnets = subnets(planned);
    }
}

fn unknown_if_null(slot: &mut Value<String>) {
    if matches!(slot, Value::Null) {
        *slot = Value::Unknown;
    }
}

/// Refuses what would replace subnets, and with them all that lives in them.
fn refuse(prior: &NetworkState, planned: &NetworkState, d: &mut Diagnostics) {
    if let (Value::Value(from), Value::Value(to)) = (&prior.cidr, &planned.cidr)
        && from != to
    {
        d.fail_at(
            AttributePath::new("cidr"),
            "The range of a network does not change",
            way_out(&format!("`cidr = \"{from}\"`")),
        );
    }
    let zones =
        (check::known(&prior.availability_zones), check::known(&planned.availability_zones));
    if let (Some(from), Some(to)) = zones
        && from != to
    {
        let back = format!("`availability_zones = {from:?}`");
        d.fail_at(
            AttributePath::new("availability_zones"),
            "The zones of a network do not change",
            way_out(&back),
        );
    }
}

fn way_out(back: &str) -> String {
    format!(
        "Its subnets would be replaced, with everything that lives in them. Write {back} again. For another network, add a second \
         `quilt_network` under another name and move the deployment there."
    )
}

/// The subnets, each with what is known of it.
fn subnets(planned: &NetworkState) -> Value<Vec<Value<super::SubnetState>>> {
    let Some(Ok(division)) = planned.cidr.as_ref_option().map(|cidr| Division::of(cidr)) else {
        return Value::Unknown;
    };
    let listed = division.subnets.iter().map(|subnet| {
        let ids = match subnet.tier {
            Tier::Private => &planned.private_subnet_ids,
            Tier::Public => &planned.public_subnet_ids,
            Tier::Intra => &planned.intra_subnet_ids,
        };
        let at = |list: &Value<Strings>| {
            list.as_ref_option()
                .and_then(|l| l.get(subnet.zone_index).cloned())
                .unwrap_or(Value::Unknown)
        };
        seen::subnet_state(subnet, at(&planned.availability_zones), at(ids)).into()
    });
    Value::Value(listed.collect())
}

/// Where users arrive.
fn users(planned: &mut NetworkState, prior: Option<&NetworkState>) {
    planned.user_subnet_ids = match planned.internal {
        Value::Value(true) => planned.private_subnet_ids.clone(),
        Value::Value(false) => Value::Value(vec![]),
        _ => Value::Unknown,
    };
    let before = prior
        .filter(|p| p.api_gateway_endpoint == planned.api_gateway_endpoint)
        .map(|p| &p.api_gateway_endpoint_id);
    planned.api_gateway_endpoint_id = match (&planned.api_gateway_endpoint, before) {
        (Value::Value(false), _) => Value::Null,
        (Value::Value(true), Some(Value::Value(id))) => id.clone().into(),
        _ => Value::Unknown,
    };
}
