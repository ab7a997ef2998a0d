//! Data buckets: all of Quilt's data is in them, so what keeps them keeps Quilt.

use std::sync::Arc;

use futures_util::future::join_all;

use super::rows::BucketRow;
use super::scene::Scene;
use super::seen::{Each, once, seen};
use crate::aws::Buckets;
use crate::aws::s3::Notices;
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::tf::known;

/// Looks whether they keep versions.
pub async fn versioning(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let look = each(scene, |buckets, name| async move { buckets.versioned(&name).await });
    let lacking = lacking(once(&scene.facets.versioned, look).await?, |on| !on);
    let fix = "What is overwritten or deleted there is lost, and replication needs versions: `aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled`.";
    Ok(judge(scene, lacking, "No versions are kept in", "A data bucket keeps no versions", fix))
}

/// Looks whether they are copied.
pub async fn replication(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let look = each(scene, |buckets, name| async move { buckets.replicas(&name).await });
    let lacking = lacking(once(&scene.facets.replicas, look).await?, |rules| *rules == 0);
    let fix = "Where the region is lost, so is the data: replicate it into a bucket of another region. If that is not wanted: `accept = [\"bucket_replication\"]`.";
    Ok(judge(scene, lacking, "Nothing is copied out of", "A data bucket is not copied", fix))
}

/// Looks whether they tell of changes.
pub async fn notifications(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let look = each(scene, |buckets, name| async move { buckets.notices(&name).await });
    let silent = |notices: &Notices| !(notices.created && notices.removed);
    let lacking = lacking(once(&scene.facets.notices, look).await?, silent);
    let fix = "Quilt does not see what changes there: add the bucket again in the catalog's admin settings, or send its events, of what is stored and of what is removed, to the bucket's topic.";
    Ok(judge(
        scene,
        lacking,
        "Not all changes are told by",
        "A data bucket does not tell of changes",
        fix,
    ))
}

/// Asks something of each bucket, side by side.
async fn each<T, F: Future<Output = Result<T>>>(
    scene: &Scene<'_>,
    look: impl Fn(Arc<dyn Buckets>, String) -> F,
) -> Result<Each<T>> {
    let names = names(scene);
    let looks = names.iter().map(|name| look(scene.deploy.aws.buckets.clone(), name.clone()));
    let all: Result<Vec<_>> = join_all(looks).await.into_iter().collect();
    Ok(names.into_iter().zip(all?).collect())
}

/// The buckets that are named.
fn names(scene: &Scene<'_>) -> Vec<String> {
    scene.config.data_buckets.iter().flatten().flatten().cloned().collect()
}

fn lacking<T>(all: &Each<T>, lacks: impl Fn(&T) -> bool) -> Vec<&str> {
    all.iter().filter(|(_, found)| lacks(found)).map(|(name, _)| name.as_str()).collect()
}

fn judge(
    scene: &Scene<'_>,
    lacking: Vec<&str>,
    beginning: &str,
    title: &'static str,
    fix: &str,
) -> Option<Verdict> {
    let all = names(scene).len();
    let pass = || Verdict::pass(format!("Buckets that do: {all}."));
    let fail = || {
        let found = format!("{beginning} {}.", lacking.join(", "));
        Verdict::fail("data_buckets", title, found, fix)
    };
    (all > 0).then(|| if lacking.is_empty() { pass() } else { fail() })
}

/// What was seen of each bucket; `None`: none is named.
pub fn rows(scene: &Scene<'_>) -> Option<Vec<BucketRow>> {
    let facets = &scene.facets;
    let names = names(scene);
    let row = |name: &String| {
        let name = name.as_str();
        let notices = seen(&facets.notices).and_then(|all| all.get(name));
        let rules = seen(&facets.replicas).and_then(|all| all.get(name));
        BucketRow {
            name: known(name),
            versioning: seen(&facets.versioned).and_then(|all| all.get(name)).copied().into(),
            replication_rules: rules.map(|rules| *rules as i64).into(),
            notifications: notices.map(|told| told.created && told.removed).into(),
        }
    };
    (!names.is_empty()).then(|| names.iter().map(row).collect())
}
