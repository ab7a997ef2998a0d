//! What a `quilt_search` runs on: what the configuration leaves open is filled in, from a size by name or from the default one.

use super::SearchState;
use crate::outcome::{Error, Result};
use crate::quilt::search::{Cluster, size};
use crate::resources::place;
use crate::resources::small_stack::Parameters;
use crate::tf::{AttributePath, Value};

/// The size of a domain about which nothing is said.
const DEFAULT: &str = "medium";

/// One of the single arguments says something else than the size. What Terraform writes for an import says both.
pub fn contradicts(config: &SearchState) -> bool {
    let alone = SearchState { size: config.size.clone(), ..SearchState::default() };
    let mut meant = alone.clone();
    fill(&mut meant, &alone);
    fn differs<T: PartialEq>((given, meant): (&Value<T>, &Value<T>)) -> bool {
        !given.is_null() && given != meant
    }
    let texts = [
        (&config.instance_type, &meant.instance_type),
        (&config.dedicated_master_type, &meant.dedicated_master_type),
        (&config.volume_type, &meant.volume_type),
    ];
    let numbers = [
        (&config.instance_count, &meant.instance_count),
        (&config.dedicated_master_count, &meant.dedicated_master_count),
        (&config.volume_size, &meant.volume_size),
        (&config.volume_iops, &meant.volume_iops),
        (&config.volume_throughput, &meant.volume_throughput),
    ];
    texts.into_iter().any(differs)
        || numbers.into_iter().any(differs)
        || differs((&config.zone_awareness, &meant.zone_awareness))
}

/// Fills in what the configuration leaves open. A size that does not exist leaves everything open.
pub fn fill(state: &mut SearchState, config: &SearchState) {
    let base = match &config.size {
        Value::Value(name) => size(name).ok(),
        Value::Null => size(DEFAULT).ok(),
        Value::Unknown => None,
    };
    let base = base.as_ref();
    state.instance_type = or(&config.instance_type, base.map(|b| b.instance_type.clone().into()));
    state.instance_count = or(&config.instance_count, base.map(|b| b.instance_count.into()));
    state.dedicated_master_count =
        or(&config.dedicated_master_count, base.map(|b| b.dedicated_master_count.into()));
    state.dedicated_master_type =
        or(&config.dedicated_master_type, base.map(|b| masters(b, &state.dedicated_master_count)));
    state.zone_awareness = or(&config.zone_awareness, base.map(|b| b.zone_awareness.into()));
    state.volume_size = or(&config.volume_size, base.map(|b| b.volume_size.into()));
    state.volume_type = or(&config.volume_type, base.map(|b| b.volume_type.clone().into()));
    state.volume_iops = or(&config.volume_iops, base.map(|b| b.volume_iops.into()));
    state.volume_throughput =
        or(&config.volume_throughput, base.map(|b| b.volume_throughput.into()));
    if config.size.is_null() {
        state.size = cluster(state)
            .map_or(Value::Unknown, |cluster| cluster.name().map(str::to_string).into());
    }
}

/// What is given, or else what stands for it; unknown where nothing does.
fn or<T: Clone>(given: &Value<T>, otherwise: Option<Value<T>>) -> Value<T> {
    match given {
        Value::Null => otherwise.unwrap_or(Value::Unknown),
        given => given.clone(),
    }
}

/// The type of the masters, where there are some.
fn masters(base: &Cluster, count: &Value<i64>) -> Value<String> {
    match count {
        Value::Unknown => Value::Unknown,
        Value::Value(0) => Value::Null,
        _ => base.dedicated_master_type.clone().into(),
    }
}

/// What it runs on, once all of it is known.
pub fn cluster(state: &SearchState) -> Option<Cluster> {
    let optional = |value: &Value<i64>| match value {
        Value::Unknown => None,
        value => Some(value.as_ref_option().copied()),
    };
    let dedicated_master_type = match &state.dedicated_master_type {
        Value::Unknown => return None,
        kind => kind.as_ref_option().cloned(),
    };
    Some(Cluster {
        instance_type: state.instance_type.as_ref_option()?.clone(),
        instance_count: *state.instance_count.as_ref_option()?,
        dedicated_master_type,
        dedicated_master_count: *state.dedicated_master_count.as_ref_option()?,
        zone_awareness: *state.zone_awareness.as_ref_option()?,
        volume_size: *state.volume_size.as_ref_option()?,
        volume_type: state.volume_type.as_ref_option()?.clone(),
        volume_iops: optional(&state.volume_iops)?,
        volume_throughput: optional(&state.volume_throughput)?,
    })
}

/// What a stack was made with, put into a state.
pub fn put(state: &mut SearchState, cluster: Cluster) {
    state.size = cluster.name().map(str::to_string).into();
    state.instance_type = cluster.instance_type.into();
    state.instance_count = cluster.instance_count.into();
    state.dedicated_master_type = cluster.dedicated_master_type.into();
    state.dedicated_master_count = cluster.dedicated_master_count.into();
    state.zone_awareness = cluster.zone_awareness.into();
    state.volume_size = cluster.volume_size.into();
    state.volume_type = cluster.volume_type.into();
    state.volume_iops = cluster.volume_iops.into();
    state.volume_throughput = cluster.volume_throughput.into();
}

/// All parameters of its stack.
pub fn parameters(planned: &SearchState) -> Result<Parameters> {
    let unknown = || {
        Error::config(
            AttributePath::root(),
            "What the search domain runs on is not known.",
            "Plan again.",
        )
    };
    let mut parameters = cluster(planned).ok_or_else(unknown)?.parameters();
    let network = planned.network.as_ref_option().cloned().unwrap_or_default();
    let word = |value: &Value<String>| value.as_ref_option().cloned().unwrap_or_default();
    parameters.extend([
        ("DomainName".to_string(), word(&planned.name)),
        ("Vpc".into(), word(&network.vpc_id)),
        ("Subnets".into(), place::joined(&network.intra_subnet_ids)),
        ("EngineVersion".into(), word(&planned.engine_version)),
    ]);
    Ok(parameters)
}
