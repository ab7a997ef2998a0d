//! Buckets of a registry. Prefixes are asked and sent apart: an older platform has none, and refuses whatever names them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::catalog::Buckets;
use crate::outcome::{CatalogErrorKind, Result};
use crate::quilt::bucket::{Bucket, Settings};

/// A scalar of the schema.
type Datetime = String;
/// Another.
type Json = Value;

/// Queries of this file, each checked when it is compiled.
macro_rules! queries {
    ($($name:ident),*) => { $(
        #[derive(GraphQLQuery)]
        #[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/buckets.graphql")]
        struct $name;
    )* };
}

queries!(ListBuckets, ListPrefixes, OneBucket, PrefixesOf, AddBucket, UpdateBucket, RemoveBucket);

const LIST: &str = "list the buckets";
const LOOK: &str = "tell of the bucket";
const ADD: &str = "add the bucket";
const CHANGE: &str = "change the bucket";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Configured {
    name: String,
    title: String,
    description: Option<String>,
    icon_url: Option<String>,
    overview_url: Option<String>,
    linked_data: Option<Value>,
    tags: Option<BTreeSet<String>>,
    relevance_score: i64,
    browsable: bool,
    last_indexed: Option<String>,
    sns_notification_arn: Option<String>,
    scanner_parallel_shards_depth: Option<i64>,
    skip_meta_data_indexing: Option<bool>,
    file_extensions_to_index: Option<BTreeSet<String>>,
    index_content_bytes: Option<i64>,
}

#[derive(Deserialize)]
struct Prefixed {
    name: String,
    prefixes: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Many<T> {
    bucket_configs: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One<T> {
    bucket_config: Option<T>,
}

impl Configured {
    fn with(self, prefixes: BTreeSet<String>) -> Bucket {
        let settings = Settings {
            title: self.title,
            description: self.description,
            icon_url: self.icon_url,
            overview_url: self.overview_url,
            linked_data: self.linked_data,
            tags: self.tags,
            relevance_score: Some(self.relevance_score),
            browsable: self.browsable,
            topic: self.sns_notification_arn,
            shards_depth: self.scanner_parallel_shards_depth,
            skip_metadata: self.skip_meta_data_indexing,
            extensions: self.file_extensions_to_index,
            content_bytes: self.index_content_bytes,
            prefixes,
        };
        Bucket { name: self.name, settings, last_indexed: self.last_indexed }
    }
}

/// The input of a query's own type, which each query has for itself.
macro_rules! input {
    ($module:ident :: $input:ident, $settings:expr $(, $more:ident)*) => {{
        let Settings { title, description, icon_url, overview_url, linked_data, relevance_score, browsable, .. } = $settings.clone();
        let listed = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        $module::$input {
            title,
            description,
            icon_url,
            overview_url,
            linked_data,
            tags: $settings.tags.as_ref().map(listed).filter(|tags| !tags.is_empty()),
            relevance_score,
            browsable: Some(browsable),
            sns_notification_arn: $settings.topic.clone(),
            scanner_parallel_shards_depth: $settings.shards_depth,
            skip_meta_data_indexing: $settings.skip_metadata,
            file_extensions_to_index: $settings.extensions.as_ref().map(listed),
            index_content_bytes: $settings.content_bytes,
            prefixes: Some(listed(&$settings.prefixes)),
            $($more,)*
        }
    }};
}

/// What an older platform does not know is nothing there.
fn or_nothing<T: Default>(answer: Result<T>) -> Result<T> {
    match answer {
        Err(e) if e.catalog() == Some(CatalogErrorKind::Old) => Ok(T::default()),
        answer => answer,
    }
}

impl Registry {
    async fn prefixes(&self) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let asked = self.query::<ListPrefixes, Many<Prefixed>>(LIST, list_prefixes::Variables {});
        let known = |all: Many<Prefixed>| {
            all.bucket_configs.into_iter().map(|one| (one.name, one.prefixes))
        };
        or_nothing(asked.await.map(|all| known(all).collect()))
    }

    async fn prefixes_of(&self, name: &str) -> Result<BTreeSet<String>> {
        let variables = prefixes_of::Variables { name: name.into() };
        let asked = self.query::<PrefixesOf, One<Prefixed>>(LOOK, variables);
        or_nothing(
            asked.await.map(|one| one.bucket_config.map(|one| one.prefixes).unwrap_or_default()),
        )
    }

    /// Changes a bucket; where the platform knows of no prefixes and none are wanted, once more without them.
    async fn put<Q: GraphQLQuery>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
        (settings, success): (&Settings, &str),
    ) -> Result<()> {
        let whole = self.written::<Q>(doing, variables)?;
        let put = self.change_written(doing, &whole, success).await;
        match put {
            Err(e)
                if e.catalog() == Some(CatalogErrorKind::Old) && settings.prefixes.is_empty() =>
            {
                self.change_written(doing, &without_prefixes(whole), success).await.map(drop)
            }
            put => put.map(drop),
        }
    }
}

/// The same for a platform that has none.
fn without_prefixes(mut query: Value) -> Value {
    if let Some(input) = query.pointer_mut("/variables/input").and_then(Value::as_object_mut) {
        input.remove("prefixes");
    }
    query
}

#[async_trait]
impl Buckets for Registry {
    async fn list(&self) -> Result<Vec<Bucket>> {
        let asked = self.query::<ListBuckets, Many<Configured>>(LIST, list_buckets::Variables {});
        let (all, mut prefixes) = (asked.await?, self.prefixes().await?);
        let whole = |one: Configured| {
            let own = prefixes.remove(&one.name).unwrap_or_default();
            one.with(own)
        };
        Ok(all.bucket_configs.into_iter().map(whole).collect())
    }

    async fn get(&self, name: &str) -> Result<Option<Bucket>> {
        let variables = one_bucket::Variables { name: name.into() };
        let asked = self.query::<OneBucket, One<Configured>>(LOOK, variables).await?;
        let Some(found) = asked.bucket_config else { return Ok(None) };
        Ok(Some(found.with(self.prefixes_of(name).await?)))
    }

    async fn add(&self, name: &str, settings: &Settings, delay_scan: bool) -> Result<()> {
        let (name, delay_scan) = (name.to_string(), Some(delay_scan));
        let input = input!(add_bucket::BucketAddInput, settings, name, delay_scan);
        let variables = add_bucket::Variables { input };
        self.put::<AddBucket>(ADD, variables, (settings, "BucketAddSuccess")).await
    }

    async fn update(&self, name: &str, settings: &Settings) -> Result<()> {
        let input = input!(update_bucket::BucketUpdateInput, settings);
        let variables = update_bucket::Variables { name: name.into(), input };
        self.put::<UpdateBucket>(CHANGE, variables, (settings, "BucketUpdateSuccess")).await
    }

    async fn remove(&self, name: &str) -> Result<()> {
        let variables = remove_bucket::Variables { name: name.into() };
        let success = "BucketRemoveSuccess";
        self.change::<RemoveBucket>("remove the bucket", variables, success).await.map(drop)
    }
}
