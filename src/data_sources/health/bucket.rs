//! Data buckets: all of Quilt's data is in them, so what keeps them keeps Quilt.

use std::sync::Arc;

use futures_util::future::join_all;

use super::rows::BucketRow;
use super::scene::Scene;
use super::seen::{Each, once, seen};
use crate::aws::Buckets;
use crate::outcome::{AwsErrorKind, Result};
use crate::preflight::Verdict;
use crate::tf::known;

/// How a facet is told.
struct Words {
    /// What is true of the buckets that have it, before their names.
    pass: &'static str,
    /// What is true of those that lack it, before their names.
    fail: &'static str,
    /// The failure in a few words.
    title: &'static str,
    /// What to do.
    fix: &'static str,
}

const VERSIONING: Words = Words {
    pass: "Versions are kept in",
    fail: "No versions are kept in",
    title: "A data bucket keeps no versions",
    fix: "What is overwritten or deleted there is lost, and replication needs versions: `aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled`.",
};
const REPLICATION: Words = Words {
    pass: "Other buckets have a copy of",
    fail: "Nothing is copied out of",
    title: "A data bucket is not copied",
    fix: "Where the region is lost, so is the data: replicate it into a bucket of another region. If that is not wanted: `accept = [\"bucket_replication\"]`.",
};
const NOTIFICATIONS: Words = Words {
    pass: "All changes are told by",
    fail: "Not all changes are told by",
    title: "A data bucket does not tell of changes",
    fix: "Quilt does not see what changes there: add the bucket again in the catalog's admin settings, or send its events, of what is stored and of what is removed, to the bucket's topic.",
};

/// Looks whether they keep versions.
pub async fn versioning(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let look = each(scene, |buckets, name| async move { buckets.versioned(&name).await });
    Ok(judge(once(&scene.facets.versioned, look).await?, &VERSIONING, |on| *on))
}

/// Looks whether they are copied.
pub async fn replication(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let look = each(scene, |buckets, name| async move { buckets.replicas(&name).await });
    Ok(judge(once(&scene.facets.replicas, look).await?, &REPLICATION, |rules| *rules > 0))
}

/// Looks whether they tell of changes.
pub async fn notifications(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let look = each(scene, |buckets, name| async move { buckets.notices(&name).await });
    let all = once(&scene.facets.notices, look).await?;
    Ok(judge(all, &NOTIFICATIONS, |told| told.created && told.removed))
}

/// Asks something of each bucket, side by side.
async fn each<T, F: Future<Output = Result<T>>>(
    scene: &Scene<'_>,
    look: impl Fn(Arc<dyn Buckets>, String) -> F,
) -> Result<Each<T>> {
    let names = names(scene);
    let looks = names.iter().map(|name| look(scene.deploy.aws.buckets.clone(), name.clone()));
    let there = |found: Result<T>| match found {
        Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
        found => found.map(Some),
    };
    let all: Result<Vec<_>> = join_all(looks).await.into_iter().map(there).collect();
    Ok(names.into_iter().zip(all?).collect())
}

/// The buckets that are named.
fn names(scene: &Scene<'_>) -> Vec<String> {
    scene.config.data_buckets.iter().flatten().flatten().cloned().collect()
}

fn judge<T>(all: &Each<T>, words: &Words, has: impl Fn(&T) -> bool) -> Option<Verdict> {
    let named = |fits: &dyn Fn(&Option<T>) -> bool| {
        let names: Vec<_> =
            all.iter().filter(|(_, found)| fits(found)).map(|(n, _)| n.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(gone) = named(&Option::is_none) {
        let found = format!("There is no bucket: {gone}.");
        let title = "A data bucket is not there";
        return Some(Verdict::fail("data_buckets", title, found, "Correct `data_buckets`."));
    }
    if let Some(lacking) = named(&|found| !found.as_ref().is_some_and(&has)) {
        let found = format!("{} {lacking}.", words.fail);
        return Some(Verdict::fail("data_buckets", words.title, found, words.fix));
    }
    Some(Verdict::pass(format!("{} {}.", words.pass, named(&|_| true)?)))
}

/// What was seen of each bucket; `None`: none is named.
pub fn rows(scene: &Scene<'_>) -> Option<Vec<BucketRow>> {
    let facets = &scene.facets;
    let names = names(scene);
    let row = |name: &String| {
        let name = name.as_str();
        let notices = seen(&facets.notices).and_then(|all| all.get(name)?.as_ref());
        let rules = seen(&facets.replicas).and_then(|all| all.get(name)?.as_ref());
        let versioning = seen(&facets.versioned).and_then(|all| all.get(name)?.as_ref());
        BucketRow {
            name: known(name),
            versioning: versioning.copied().into(),
            replication_rules: rules.map(|rules| *rules as i64).into(),
            notifications: notices.map(|told| told.created && told.removed).into(),
        }
    };
    (!names.is_empty()).then(|| names.iter().map(row).collect())
}
