//! The plan of a `quilt_search`: what the domain will run on is known ahead, and it is never replaced.

use super::{SearchResource, SearchState, check, fill, text};
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::Result;
use crate::quilt::search::{self, ENGINE_VERSION};
use crate::quilt::templates::Templates;
use crate::resources::{inside, place, protection, standing, tags};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(
    cx: &Cx,
    templates: Templates,
    draft: &mut Draft<SearchResource>,
    d: &mut Diagnostics,
) -> Result<()> {
    let (config, planned) = (&draft.config, &mut draft.planned);
    inside::region(cx, &mut planned.region, &config.region).await?;
    planned.tags_all = tags::of_stack(&cx.settings, &planned.tags, d);
    planned.domain_name = planned.name.clone();
    fill::fill(planned, config);
    inside::plan(
        templates,
        &mut planned.template_version,
        &config.template_version,
        draft.prior.as_ref().map(|p| &p.template_version),
        d,
    );
    let ours = draft.prior.is_none() || draft.private.created;
    protection::plan(
        &mut planned.enable_termination_protection,
        &config.enable_termination_protection,
        ours,
    );
    let Some(prior) = draft.prior.clone() else {
        if matches!(config.engine_version, Value::Null) {
            planned.engine_version = ENGINE_VERSION.to_string().into();
        }
        engine(planned, config, None, d);
        return Ok(());
    };
    let status = Status::from(text(&prior.status).unwrap_or_default());
    if standing::stuck(&status, false) {
        standing::replaced(&SearchResource::subject(&prior), &status, d);
        planned.id = Value::Unknown;
        draft.replace.push(AttributePath::new("id"));
    }
    if !draft.replace.is_empty() {
        return Ok(());
    }
    if let Value::Value(network) = &prior.network {
        super::inside(&prior).stays(
            cx,
            SearchResource::subject(&prior),
            (&network.vpc_id, &network.intra_subnet_ids),
            d,
        );
    }
    refuse(&prior, config, d);
    engine(planned, config, Some(&prior), d);
    update(planned, &prior, &status);
    if !status.settled() {
        standing::resumes(&SearchResource::subject(&prior), &status, d);
    }
    if draft.planned == prior { Ok(()) } else { standing::updatable(&status, false) }
}

/// Refuses a move: the index would have to be built anew, which a second domain does without a gap.
fn refuse(prior: &SearchState, config: &SearchState, d: &mut Diagnostics) {
    let moved = match (prior.network.as_ref_option(), config.network.as_ref_option()) {
        (Some(before), Some(now)) => place::elsewhere(
            (&before.vpc_id, &before.intra_subnet_ids),
            (&now.vpc_id, &now.intra_subnet_ids),
        ),
        _ => false,
    };
    if moved {
        let detail = "Add a second `quilt_search` in the other network and hand that to the deployment: Quilt builds its index anew.";
        d.fail_at(
            AttributePath::new("network"),
            "A search domain does not change its network",
            detail,
        );
    }
}

/// Refuses a version that cannot be reached, and instances that it does not run on.
fn engine(
    planned: &SearchState,
    config: &SearchState,
    prior: Option<&SearchState>,
    d: &mut Diagnostics,
) {
    let before = prior.and_then(|prior| text(&prior.engine_version));
    let Some(engine) = text(&planned.engine_version) else { return };
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
        if let Some(Err(why)) = text(kind).map(|kind| search::check_instance(kind, engine, before))
        {
            d.fail_at(
                AttributePath::new(check::written(attribute, config)),
                "The engine does not run on this type",
                why,
            );
            return;
        }
    }
}

fn update(planned: &mut SearchState, prior: &SearchState, status: &Status) {
    for slot in
        [&mut planned.domain_arn, &mut planned.endpoint, &mut planned.accessor_security_group_id]
    {
        // What a creation that was stopped has not given yet.
        if matches!(slot, Value::Null) && !status.settled() {
            *slot = Value::Unknown;
        }
    }
    let same = SearchState { status: prior.status.clone(), ..planned.clone() } == *prior;
    planned.status = if same && status.settled() { prior.status.clone() } else { Value::Unknown };
}
