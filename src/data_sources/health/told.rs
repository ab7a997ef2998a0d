//! Every check made side by side, and all that was seen, as state.

use futures_util::future::join_all;

use super::scene::Scene;
use super::seen::{Cluster, Found, Group, Run, Service, seen};
use super::table::{CHECKS, Check, Look};
use super::{HealthLookup, bucket, drift};
use crate::preflight::Finding;
use crate::tf::Value;

/// Makes every check.
pub async fn look(scene: &Scene<'_>) -> Vec<Finding<Look>> {
    let one = |check: &'static Check| async move { check.found((check.look)(scene).await) };
    join_all(CHECKS.iter().map(one)).await.into_iter().flatten().collect()
}

/// What was seen.
pub fn told(scene: &Scene<'_>, config: HealthLookup) -> HealthLookup {
    let certificates = seen(&scene.certificates);
    HealthLookup {
        services: rows(seen(&scene.services).map(|all| all.iter().map(Service::row))),
        target_groups: rows(seen(&scene.groups).map(|all| all.iter().map(Group::row))),
        search: seen(&scene.cluster).and_then(|c| c.as_ref().map(Cluster::row)).into(),
        database: seen(&scene.database).and_then(|d| d.as_ref().map(Found::row)).into(),
        certificates: rows(certificates.map(|all| all.iter().map(|held| held.row(scene.now)))),
        drifted: rows(seen(&scene.drift).map(|drifted| drifted.found.iter().map(drift::row))),
        canary_runs: rows(seen(&scene.canaries).map(|all| all.iter().map(Run::row))),
        buckets: rows(bucket::rows(scene).map(Vec::into_iter)),
        ..config
    }
}

/// A list; null where it is not known.
fn rows<R, I: Iterator<Item = R>>(all: Option<I>) -> Value<Vec<Value<R>>> {
    all.map(|rows| rows.map(Value::Value).collect::<Vec<_>>()).into()
}
