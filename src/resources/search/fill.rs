//! What a `quilt_search` runs on: what the configuration leaves open is filled in, from a size by name or from the default one.

use super::SearchState;
use crate::outcome::{Error, Result};
use crate::quilt::search::{Cluster, SIZE, size};
use crate::resources::place;
use crate::resources::small_stack::Parameters;
use crate::tf::{AttributePath, Value};

macro_rules! settings {
    ($($name:ident)*) => {
        /// What a stack was made with, put into a state.
        fn set(state: &mut SearchState, cluster: Cluster) {
            $(state.$name = cluster.$name.into();)*
        }

        /// A domain of which nothing is known.
        fn open() -> SearchState {
            SearchState { $($name: Value::Unknown,)* ..SearchState::default() }
        }

        /// Each setting as it is given, or else as `base` has it.
        fn complete(state: &mut SearchState, config: &SearchState, base: &SearchState) {
            $(state.$name = or(&config.$name, &base.$name);)*
        }

        /// Whatever is given says what is meant.
        fn agrees(config: &SearchState, meant: &SearchState) -> bool {
            $((config.$name.is_null() || config.$name == meant.$name))&&*
        }
    };
}

settings! {
    instance_type instance_count dedicated_master_type dedicated_master_count zone_awareness
    volume_size volume_type volume_iops volume_throughput
}

/// One of the single arguments says something else than the size. What Terraform writes for an import says both.
pub fn contradicts(config: &SearchState) -> bool {
    let alone = SearchState { size: config.size.clone(), ..SearchState::default() };
    let mut meant = alone.clone();
    fill(&mut meant, &alone);
    !agrees(config, &meant)
}

/// Fills in what the configuration leaves open. A size that does not exist leaves everything open.
pub fn fill(state: &mut SearchState, config: &SearchState) {
    complete(state, config, &base(config));
    if config.size.is_null() {
        state.size = cluster(state)
            .map_or(Value::Unknown, |cluster| cluster.name().map(str::to_string).into());
    }
}

/// Says by one word what a size by name says, and nothing where it is the default one.
pub fn shorten(state: &mut SearchState) {
    if state.size.is_value() {
        complete(state, &SearchState::default(), &SearchState::default());
        if state.size.as_deref_option() == Some(SIZE) {
            state.size = Value::Null;
        }
    }
}

/// What stands for that which is not given.
fn base(config: &SearchState) -> SearchState {
    let chosen = match &config.size {
        Value::Value(name) => size(name).ok(),
        Value::Null => size(SIZE).ok(),
        Value::Unknown => None,
    };
    let mut base = open();
    chosen.into_iter().for_each(|cluster| set(&mut base, cluster));
    match or(&config.dedicated_master_count, &base.dedicated_master_count) {
        Value::Unknown => base.dedicated_master_type = Value::Unknown,
        Value::Value(0) if !base.dedicated_master_type.is_unknown() => {
            base.dedicated_master_type = Value::Null;
        }
        _ => {}
    }
    base
}

fn or<T: Clone>(given: &Value<T>, otherwise: &Value<T>) -> Value<T> {
    if given.is_null() { otherwise } else { given }.clone()
}

/// What it runs on, once all of it is known.
pub fn cluster(state: &SearchState) -> Option<Cluster> {
    fn optional<T: Clone>(value: &Value<T>) -> Option<Option<T>> {
        (!value.is_unknown()).then(|| value.as_ref_option().cloned())
    }
    Some(Cluster {
        instance_type: state.instance_type.as_ref_option()?.clone(),
        instance_count: *state.instance_count.as_ref_option()?,
        dedicated_master_type: optional(&state.dedicated_master_type)?,
        dedicated_master_count: *state.dedicated_master_count.as_ref_option()?,
        zone_awareness: *state.zone_awareness.as_ref_option()?,
        volume_size: *state.volume_size.as_ref_option()?,
        volume_type: state.volume_type.as_ref_option()?.clone(),
        volume_iops: optional(&state.volume_iops)?,
        volume_throughput: optional(&state.volume_throughput)?,
    })
}

/// What a stack was made with, put into a state, with the size that it comes to.
pub fn put(state: &mut SearchState, cluster: Cluster) {
    state.size = cluster.name().map(str::to_string).into();
    set(state, cluster);
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
