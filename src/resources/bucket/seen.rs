//! What a state says of a bucket that was looked at.

use std::collections::BTreeSet;

use super::BucketState;
use crate::quilt::bucket::Bucket;
use crate::tf::{Set, Value};

type Words = Value<Set<Value<String>>>;

/// The state of what is there; what is not read back stays as it was.
pub fn state(before: BucketState, bucket: &Bucket, host: &str) -> BucketState {
    let settings = &bucket.settings;
    BucketState {
        id: bucket.name.clone().into(),
        name: bucket.name.clone().into(),
        host: host.to_string().into(),
        title: settings.title.clone().into(),
        description: text(&settings.description),
        icon_url: text(&settings.icon_url),
        tags: some(&before.tags, settings.tags.as_ref()),
        relevance_score: settings.relevance_score.into(),
        browsable: settings.browsable.into(),
        sns_notification_arn: settings.topic.clone().into(),
        scanner_parallel_shards_depth: settings.shards_depth.into(),
        skip_metadata_indexing: flag(&before.skip_metadata_indexing, settings.skip_metadata),
        file_extensions_to_index: same(
            &before.file_extensions_to_index,
            settings.extensions.as_ref().map(set).into(),
        ),
        index_content_bytes: settings.content_bytes.into(),
        prefixes: some(&before.prefixes, Some(&settings.prefixes)),
        last_indexed: bucket.last_indexed.clone().into(),
        ..before
    }
}

/// A registry may say an empty text for none.
fn text(value: &Option<String>) -> Value<String> {
    value.clone().filter(|text| !text.is_empty()).into()
}

/// A registry may say false for nothing: what was said before stays where it means the same.
fn flag(before: &Value<bool>, seen: Option<bool>) -> Value<bool> {
    let meant = before.as_ref_option().copied().unwrap_or(false);
    if meant == seen.unwrap_or(false) { *before } else { seen.into() }
}

/// None and an empty set mean the same here: what was said before stays.
fn some(before: &Words, seen: Option<&BTreeSet<String>>) -> Words {
    match (before, seen.filter(|words| !words.is_empty())) {
        (before, Some(words)) => same(before, set(words).into()),
        (Value::Value(Set(none)), None) if none.is_empty() => before.clone(),
        (_, None) => Value::Null,
    }
}

/// The same set in the order in which it was said before.
fn same(before: &Words, seen: Words) -> Words {
    if *before == seen { before.clone() } else { seen }
}

fn set(words: &BTreeSet<String>) -> Set<Value<String>> {
    Set(words.iter().cloned().map(Value::Value).collect())
}
