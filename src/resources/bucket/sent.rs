//! What a registry is sent for a bucket: every setting, those that nobody names as they are.

use std::collections::BTreeSet;

use super::BucketState;
use crate::quilt::bucket::Settings;
use crate::tf::{Set, Value};

/// What a plan asks for, over what is there.
pub fn settings(planned: &BucketState, there: Option<&Settings>) -> Settings {
    let text = |value: &Value<String>| value.as_deref_option().map(str::to_string);
    Settings {
        title: text(&planned.title).unwrap_or_else(|| super::name(planned).into()),
        description: text(&planned.description),
        icon_url: text(&planned.icon_url),
        overview_url: there.and_then(|there| there.overview_url.clone()),
        linked_data: there.and_then(|there| there.linked_data.clone()),
        tags: words(&planned.tags),
        relevance_score: number(&planned.relevance_score)
            .or(there.and_then(|there| there.relevance_score)),
        browsable: planned.browsable.as_ref_option().copied().unwrap_or(false),
        topic: text(&planned.sns_notification_arn).or(there.and_then(|there| there.topic.clone())),
        shards_depth: number(&planned.scanner_parallel_shards_depth),
        skip_metadata: planned.skip_metadata_indexing.as_ref_option().copied(),
        extensions: words(&planned.file_extensions_to_index),
        content_bytes: number(&planned.index_content_bytes),
        prefixes: words(&planned.prefixes).unwrap_or_default(),
    }
}

/// Everything that is sent is known; what nobody names is left to the registry.
pub fn is_known(planned: &BucketState) -> bool {
    let sets = [&planned.tags, &planned.file_extensions_to_index, &planned.prefixes];
    let open = |set: &Value<Set<Value<String>>>| {
        set.is_unknown() || set.iter().flatten().any(Value::is_unknown)
    };
    let texts = [&planned.title, &planned.description, &planned.icon_url];
    let numbers = [&planned.scanner_parallel_shards_depth, &planned.index_content_bytes];
    !sets.into_iter().any(open)
        && !texts.into_iter().any(|text| text.is_unknown())
        && !numbers.into_iter().any(|number| number.is_unknown())
        && !planned.browsable.is_unknown()
        && !planned.skip_metadata_indexing.is_unknown()
}

fn number(value: &Value<i64>) -> Option<i64> {
    value.as_ref_option().copied()
}

/// The known words of a set; `None` where there is no set.
fn words(set: &Value<Set<Value<String>>>) -> Option<BTreeSet<String>> {
    let known = |set: &Set<Value<String>>| {
        set.into_iter().filter_map(|word| word.as_deref_option().map(str::to_string)).collect()
    };
    set.as_ref_option().map(known)
}
