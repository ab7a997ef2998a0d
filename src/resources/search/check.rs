//! What can be said about a `quilt_search` offline, and which way its engine may go.

use super::{SearchState, fill};
use crate::cx::Cx;
use crate::outcome;
use crate::preflight::{Intent, at_plan};
use crate::quilt::{names, search};
use crate::resources::place;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration. What is not known is not checked.
pub fn validate(config: &SearchState, d: &mut Diagnostics) {
    let known = |value: &Value<String>, check: &dyn Fn(&str) -> Result<(), String>| {
        value.as_deref_option().map_or(Ok(()), check)
    };
    let found = [
        ("name", known(&config.name, &names::check_object_name)),
        ("network", network(config)),
        ("size", size(config)),
        ("engine_version", known(&config.engine_version, &search::check_engine)),
    ];
    let found = found.into_iter().filter_map(|(attribute, found)| Some((attribute, found.err()?)));
    let mut filled = config.clone();
    fill::fill(&mut filled, config);
    for (attribute, why) in found.chain(problems(&filled, config)) {
        d.fail_at(AttributePath::new(attribute), "This value is not valid", why);
    }
}

fn size(config: &SearchState) -> Result<(), String> {
    match config.size.as_deref_option() {
        Some(name) => {
            search::size(name)?;
            match fill::contradicts(config) {
                true => Err("The single arguments (`instance_type` and those after it) say something else than `size`. Keep `size`, or instead those.".into()),
                false => Ok(()),
            }
        }
        None => Ok(()),
    }
}

fn network(config: &SearchState) -> Result<(), String> {
    let Value::Value(network) = &config.network else { return Ok(()) };
    place::check((&network.vpc_id, &network.intra_subnet_ids), 1)
}

/// What AWS does not let be, at the attribute that is written.
fn problems(filled: &SearchState, config: &SearchState) -> Vec<(&'static str, String)> {
    let network = filled.network.as_ref_option();
    let subnets =
        network.and_then(|network| network.intra_subnet_ids.as_ref_option()).map(Vec::len);
    let found = fill::cluster(filled).map(|cluster| cluster.problems(subnets)).unwrap_or_default();
    found.into_iter().map(|(attribute, why)| (written(attribute, config), why)).collect()
}

/// The attribute to point at: with a size by name that is what is written.
pub fn written(attribute: &'static str, config: &SearchState) -> &'static str {
    if config.size.is_value() { "size" } else { attribute }
}

/// Refuses a version that cannot be reached, and instances that it does not run on.
pub fn engine(
    planned: &SearchState,
    config: &SearchState,
    prior: Option<&SearchState>,
    d: &mut Diagnostics,
) {
    let before = prior.and_then(|prior| prior.engine_version.as_deref_option());
    let Some(engine) = planned.engine_version.as_deref_option() else { return };
    if let Some(Err(why)) = before.map(|before| search::check_engine_path(before, engine)) {
        d.fail_at(
            AttributePath::new("engine_version"),
            "The engine cannot become this version",
            why,
        );
        return;
    }
    for (attribute, kind) in [
        ("instance_type", &planned.instance_type),
        ("dedicated_master_type", &planned.dedicated_master_type),
    ] {
        if let Some(Err(why)) =
            kind.as_deref_option().map(|kind| search::check_instance(kind, engine, before))
        {
            d.fail_at(
                AttributePath::new(written(attribute, config)),
                "The engine does not run on this type",
                why,
            );
            return;
        }
    }
}

/// Asks AWS whether it has the nodes and volumes that are new.
pub async fn nodes(
    cx: &Cx,
    planned: &SearchState,
    config: &SearchState,
    prior: Option<&SearchState>,
    d: &mut Diagnostics,
) -> outcome::Result<()> {
    let cluster = fill::cluster(planned);
    if d.failed() || config.region.is_unknown() || cluster == prior.and_then(fill::cluster) {
        return Ok(());
    }
    let region = planned.region.as_deref_option();
    let Some(aws) = cx.aws_if_known(region).await? else { return Ok(()) };
    let search_version = planned.engine_version.as_ref_option().cloned();
    let intent = Intent { cluster, search_version, ..Intent::default() };
    at_plan(cx, &aws, &intent, |input| AttributePath::new(written(input, config)), d).await;
    Ok(())
}
