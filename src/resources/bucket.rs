//! `quilt_bucket`: an S3 bucket in a catalog.

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported};
use super::timeouts::{self, Limits, Timeouts};
use crate::attributes;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::Result;

use crate::tf::{Diagnostics, Set, Value};

mod check;
mod plan;
mod put;
mod refused;
mod seen;
mod sent;

attributes! {
    /// An S3 bucket in a catalog: how people see it, how changes are noticed and what of it is indexed. Who may see it is a matter of policies
    /// (`quilt_policy`): a new bucket is in none.
    ///
    /// The bucket itself is not made here. The stack's own permissions are looked at when it is added and at each change; for a bucket of
    /// another account see the function `cross_account_bucket_policy`. A destroy takes the bucket out of the catalog and out of all policies;
    /// in S3 it stays as it is, with its notifications.
    pub struct BucketState {
        /// Name of the bucket in S3.
        name: String = Required.replaces();
        /// The catalog that it is in: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// Its title, as people see it. Default: its name.
        title: String = OptionalComputed;
        /// A sentence about it.
        description: String = Optional;
        /// Address of a picture for it, as `https://…` or `s3://…`.
        icon_url: String = Optional;
        /// Words by which it is found.
        tags: Set<Value<String>> = Optional;
        /// Buckets with more come first in lists and results; -1 shows it nowhere. Default: the registry's own number.
        relevance_score: i64 = OptionalComputed;
        /// Whether pages in it (HTML) may be opened in the catalog. Only for buckets whose writers are trusted.
        browsable: bool = Optional.default(false);
        /// ARN of the SNS topic that tells of changes in the bucket, or `DO_NOT_SUBSCRIBE`: then only a scan finds new objects. Default: the topic
        /// that the bucket's notifications go to already, or one that the registry makes. Needed where they go elsewhere, which S3 allows once.
        sns_notification_arn: String = OptionalComputed;
        /// How deep the first scan is split; for buckets of very many objects. Default: the registry's own.
        scanner_parallel_shards_depth: i64 = Optional;
        /// Whether metadata of packages are left out of the index.
        skip_metadata_indexing: bool = Optional;
        /// Endings of the files whose text is indexed, in lower case with their dot, as `.csv`. Default: those of the registry. With none, and
        /// `index_content_bytes = 0`, no text is indexed.
        file_extensions_to_index: Set<Value<String>> = Optional;
        /// So many bytes of each such file are indexed; 0: none. Default: the registry's own.
        index_content_bytes: i64 = Optional;
        /// Only what is under these prefixes is looked at and indexed. Needs Quilt of December 2025 or later.
        prefixes: Set<Value<String>> = Optional;
        /// Whether the first scan waits until somebody asks for it. Read when the bucket is added, and never after.
        delay_scan: bool = Optional;
        /// Whether a creation waits until the first scan is complete.
        wait_for_index: bool = Optional.default(false);
        /// How long an apply waits: for the catalog to answer, for the first scan where `wait_for_index` is set, and for the end of one before the
        /// bucket is removed. Defaults: create 3 h, update 3 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// The name.
        id: String = Computed.stable();
        /// Host of the catalog.
        host: String = Computed;
        /// When a scan of it was last complete; null before the first one is.
        last_indexed: String = Computed;
        /// Whether the creation took over a bucket that was there, just as it is written here, as an interrupted apply leaves one. Null after an
        /// import.
        adopted: bool = Computed.stable();
    }
}

/// `quilt_bucket`.
pub struct BucketResource;

fn name(state: &BucketState) -> &str {
    state.name.as_deref_option().unwrap_or_default()
}

#[async_trait]
impl CatalogObject for BucketResource {
    const NAME: &'static str = "quilt_bucket";
    type State = BucketState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host", "name"];
    // A scan of very many objects lasts for hours.
    const LIMITS: Limits = timeouts::STACK;

    fn called(state: &BucketState) -> String {
        match state.name.as_deref_option() {
            Some(name) => format!("Bucket {name}"),
            None => "Bucket (name not known yet)".into(),
        }
    }

    fn shared(state: &BucketState) -> Shared<'_> {
        let BucketState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &BucketState) -> Option<Identity> {
        catalog::identity("bucket", "name", &state.host, &state.name, &state.id)
    }

    async fn met(cx: &Cx, planned: &BucketState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    fn check(config: &BucketState, d: &mut Diagnostics) {
        check::check(config, d);
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, _d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft).await
    }

    async fn make(at: &At<'_>, planned: BucketState, kept: &mut Kept<Self>) -> Result<BucketState> {
        let At { cx, catalog, limit } = *at;
        let (found, adopted) = put::add(cx, catalog, &planned, &kept.adoption()).await?;
        if adopted {
            kept.adopted();
        }
        kept.keep(seen::state(planned.clone(), &found, &catalog.host));
        kept.complete();
        if planned.wait_for_index != Value::Value(true) {
            return Ok(seen::state(planned, &found, &catalog.host));
        }
        let found = put::scanned(cx, catalog, &found.name, limit).await?;
        Ok(seen::state(planned, &found, &catalog.host))
    }

    async fn look(catalog: &Catalog, state: BucketState) -> Result<Option<BucketState>> {
        match catalog.buckets.get(name(&state)).await? {
            Some(found) => Ok(Some(seen::state(state, &found, &catalog.host))),
            None => Ok(None),
        }
    }

    async fn change(at: &At<'_>, _prior: BucketState, planned: BucketState) -> Result<BucketState> {
        let At { cx, catalog, .. } = *at;
        let found = put::change(cx, catalog, &planned).await?;
        Ok(seen::state(planned, &found, &catalog.host))
    }

    async fn remove(at: &At<'_>, state: BucketState, _d: &mut Diagnostics) -> Result<()> {
        let At { cx, catalog, limit } = *at;
        put::remove(cx, catalog, name(&state), limit).await
    }

    async fn begun(found: Imported) -> Result<BucketState> {
        let Imported { catalog, name, input } = found;
        let found = catalog.buckets.get(&name).await?.ok_or_else(|| put::none(&catalog, &name))?;
        let begun =
            BucketState { catalog: input, wait_for_index: false.into(), ..BucketState::default() };
        Ok(seen::state(begun, &found, &catalog.host))
    }
}

#[cfg(test)]
mod tests;
