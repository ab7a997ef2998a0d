//! Drift: what is otherwise than the template says, by CloudFormation's own look.

use std::time::Duration;

use super::rows::DriftRow;
use super::scene::Scene;
use super::seen::once;
use crate::cloudformation::drift::Drift;
use crate::deploy::Drifted;
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::tf::{Value, known};
use crate::wait::Pace;

/// How long CloudFormation may take.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Has CloudFormation look, where that is asked.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    if scene.config.drift != Value::Value(true) {
        return Ok(None);
    }
    let look = scene.deploy.drift(scene.stack, Pace::within(LIMIT));
    Ok(Some(judge(once(&scene.drift, look).await?)))
}

fn judge(drifted: &Drifted) -> Verdict {
    let beside = match drifted.meant {
        0 => String::new(),
        n => format!(" Policies that Quilt itself writes into are left out: {n}."),
    };
    let overlooked = drifted.overlooked.as_ref().map(|why| why.trim_end_matches('.'));
    let overlooked =
        overlooked.map(|why| format!(" Not all was looked at: {why}.")).unwrap_or_default();
    if drifted.found.is_empty() && overlooked.is_empty() {
        return Verdict::pass(format!("All is as the template says.{beside}"));
    }
    if drifted.found.is_empty() {
        let found = format!("What was looked at is as the template says.{beside}{overlooked}");
        return Verdict::not_known(
            found,
            "Allow these credentials to read the resources that are named.",
        );
    }
    let lines = drifted.found.iter().map(Drift::line).collect::<Vec<_>>().join("; ");
    let fix = "An update of the stack changes only what its template changes: bring these back by hand, or take them into the template.";
    Verdict::fail("drift", "The stack has drifted", format!("{lines}.{beside}{overlooked}"), fix)
}

/// As state.
pub fn row(drift: &Drift) -> DriftRow {
    DriftRow {
        logical_id: known(drift.logical_id.as_str()),
        resource_type: known(drift.kind.as_str()),
        physical_id: known(drift.physical_id.as_str()),
        deleted: drift.deleted.into(),
        properties: drift.properties.iter().map(known).collect::<Vec<_>>().into(),
    }
}
