//! What a plan says of a change of nodes or volumes: how long it takes, and what it then costs.

use super::check::written;
use super::{SearchState, fill};
use crate::cx::Settings;
use crate::deploy::name_of;
use crate::quilt::cost::{self, REGION};
use crate::quilt::search::Cluster;
use crate::resources::{timeouts, watching};
use crate::tf::{AttributePath, Diagnostics, Report};

/// Tells it, where the domain comes to run on something else.
pub fn tell(
    settings: &Settings,
    (planned, prior, config): (&SearchState, &SearchState, &SearchState),
    d: &mut Diagnostics,
) {
    let (Some(before), Some(after)) = (fill::cluster(prior), fill::cluster(planned)) else {
        return;
    };
    if before == after || d.failed() {
        return;
    }
    let hours = timeouts::SEARCH.with(&planned.timeouts).update.as_secs() / 3600;
    let named = |cluster: &Cluster| cluster.name().map(|name| format!("`{name}`"));
    let what = match (named(&before), named(&after)) {
        (Some(before), Some(after)) => format!("It goes from {before} to {after}."),
        _ => "It comes to run on other nodes or volumes.".into(),
    };
    let detail = format!(
        "{what} AWS makes new nodes beside the old ones and moves the index to them, which takes hours; search goes on meanwhile, and is slower. \
         This apply waits up to {hours} h, and goes on waiting when it is run again.\n\n{}{}",
        costs(&before, &after),
        watched(settings, prior)
    );
    let at = AttributePath::new(written("instance_type", config));
    d.warn_at(at, "The search domain moves to other nodes, for hours", detail);
}

/// How a person watches it.
fn watched(settings: &Settings, prior: &SearchState) -> String {
    let name = prior.id.as_ref_option().map(|id| name_of(id).to_string()).into();
    let sentence = watching::sentence(settings, &name, &prior.region);
    sentence.map(|sentence| format!("\n\n{sentence}")).unwrap_or_default()
}

/// What it costs a month, before and then.
fn costs(before: &Cluster, after: &Cluster) -> String {
    let (Some(now), Some(then)) = (cost::search(before), cost::search(after)) else {
        return "What it then costs a month is not in the provider's table; AWS's price list of OpenSearch Service says it.".into();
    };
    format!(
        "A month then costs about ${then}, now about ${now}: nodes, masters and volumes at list prices of {REGION}, without reservations, extra \
         I/O and data transfer. While it moves both are paid."
    )
}
