//! What is wrong with a configuration alone.

use super::BucketState;
use crate::quilt::bucket::{DO_NOT_SUBSCRIBE, check_extension};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

/// Checks a configuration, offline.
pub fn check(config: &BucketState, d: &mut Diagnostics) {
    let texts = [
        ("title", &config.title),
        ("description", &config.description),
        ("icon_url", &config.icon_url),
    ];
    for (name, value) in texts {
        if value.as_deref_option().is_some_and(|text| text.trim().is_empty() || text.trim() != text)
        {
            let detail =
                format!("Write something without spaces around it, or leave `{name}` out.");
            d.fail_at(
                AttributePath::new(name),
                format!("`{name}` is blank or has spaces around it"),
                detail,
            );
        }
    }
    topic(&config.sns_notification_arn, d);
    numbers(config, d);
    each(&config.file_extensions_to_index, "file_extensions_to_index", check_extension, d);
    each(&config.prefixes, "prefixes", check_prefix, d);
    each(&config.tags, "tags", check_tag, d);
    if config.delay_scan == Value::Value(true) && config.wait_for_index == Value::Value(true) {
        let detail = "With `delay_scan` nothing is scanned until somebody asks for it. Leave out one of the two.";
        d.fail_at(
            AttributePath::new("wait_for_index"),
            "A scan that is delayed cannot be waited for",
            detail,
        );
    }
}

fn topic(value: &Value<String>, d: &mut Diagnostics) {
    let Some(topic) = value.as_deref_option() else { return };
    let parts: Vec<_> = topic.split(':').collect();
    if topic != DO_NOT_SUBSCRIBE && !(parts.len() == 6 && parts[0] == "arn" && parts[2] == "sns") {
        let detail = format!(
            "Write the ARN of an SNS topic, as `arn:aws:sns:us-east-1:123456789012:data`, or `{DO_NOT_SUBSCRIBE}`."
        );
        d.fail_at(AttributePath::new("sns_notification_arn"), "Not the ARN of a topic", detail);
    }
}

fn numbers(config: &BucketState, d: &mut Diagnostics) {
    let all = [
        ("relevance_score", &config.relevance_score, -1),
        ("scanner_parallel_shards_depth", &config.scanner_parallel_shards_depth, 0),
        ("index_content_bytes", &config.index_content_bytes, 0),
    ];
    for (name, value, least) in all {
        if value
            .as_ref_option()
            .is_some_and(|number| *number < least || *number > i64::from(i32::MAX))
        {
            let detail = format!("Write a number from {least} to {}.", i32::MAX);
            d.fail_at(AttributePath::new(name), format!("`{name}` is out of bounds"), detail);
        }
    }
}

fn each(
    set: &Value<Set<Value<String>>>,
    name: &'static str,
    check: impl Fn(&str) -> Result<(), String>,
    d: &mut Diagnostics,
) {
    let words = set.as_ref_option().into_iter().flatten().filter_map(|word| word.as_deref_option());
    for why in words.filter_map(|word| check(word).err()) {
        d.fail_at(AttributePath::new(name), format!("A value of `{name}` is not usable"), why);
    }
}

fn check_prefix(prefix: &str) -> Result<(), String> {
    match prefix.strip_prefix('/') {
        _ if prefix.is_empty() => Err("An empty prefix means everything: leave it out.".into()),
        Some(rest) => Err(format!("Keys do not begin with a slash: write `{rest}`.")),
        None => Ok(()),
    }
}

fn check_tag(tag: &str) -> Result<(), String> {
    match tag.trim() == tag && !tag.is_empty() {
        true => Ok(()),
        false => Err(format!("`{tag}` is blank or has spaces around it.")),
    }
}
