//! The registry of a Quilt stack: what its schema has, and what it does with what it is asked.

use crate::cloud::http;

#[test]
fn the_schema_is_one_and_an_older_platform_has_less_of_it() {
    let of = |platform: &str| {
        http::control("GET", &format!("/_cloud/registry/schema?platform={platform}"), None)
    };
    let has = |platform: &str, kind: &str, field: &str| {
        of(platform)[kind]
            .as_array()
            .is_some_and(|fields| fields.iter().any(|known| known == field))
    };
    for (kind, field, from, before) in [
        ("BucketConfig", "prefixes", "1.65.0", "1.64.2"),
        ("BucketUpdateInput", "prefixes", "1.65.0", "1.64.2"),
        ("Me", "apiKeys", "1.67.0", "1.66.3"),
        ("Mutation", "apiKeyCreate", "1.67.0", "1.66.3"),
    ] {
        assert!(has(from, kind, field), "{kind}.{field} at {from}");
        assert!(!has(before, kind, field), "{kind}.{field} at {before}");
    }
    assert!(has("1.55.0", "Query", "bucketConfigs") && has("1.71.0", "Mutation", "roleSetDefault"));
}
