//! Blocks with one mistake each, and what is said of it.

use super::*;
use crate::provider::config::tests::config;

fn titles(json: serde_json::Value) -> Vec<String> {
    let mut d = Diagnostics::default();
    check(&config(json), &mut d);
    d.errors.iter().map(|e| format!("{}: {}", e.attribute, e.summary)).collect()
}

macro_rules! told {
    ($($json:tt)+) => { titles(serde_json::json!($($json)+)) };
}

#[test]
fn mistakes_are_told_at_their_attributes() {
    assert_eq!(
        told!({ "region": "eu-central-l" }),
        ["region: There is no AWS region `eu-central-l`"]
    );
    assert_eq!(told!({ "access_key": "A" }), [": `access_key` needs `secret_key`"]);
    assert_eq!(told!({ "token": "A" }), [": `token` needs `access_key`"]);
    assert_eq!(
        told!({ "allowed_account_ids": ["123"] }),
        ["allowed_account_ids: `123` is not an AWS account"]
    );
    let two = ["forbidden_account_ids: Two lists of accounts"];
    assert_eq!(
        told!({ "allowed_account_ids": ["123456789012"], "forbidden_account_ids": ["210987654321"] }),
        two
    );
    let blind =
        told!({ "allowed_account_ids": ["123456789012"], "skip_requesting_account_id": true });
    assert_eq!(blind, ["allowed_account_ids: The account cannot be checked"]);
    assert_eq!(told!({ "retry_mode": "legacy" }), ["retry_mode: Unknown way of repeating calls"]);
    assert_eq!(told!({ "max_retries": -1 }), ["max_retries: Not a number of repetitions"]);
    assert_eq!(told!({ "https_proxy": "proxy:8080" }), ["https_proxy: Not the address of a proxy"]);
    assert_eq!(told!({ "endpoints": { "s3": "localhost" } }), ["endpoints.s3: Not an address"]);
    assert_eq!(
        told!({ "template_bucket": "My_Bucket" }),
        ["template_bucket: Not the name of a bucket"]
    );
}

#[test]
fn mistakes_inside_blocks_have_the_whole_path() {
    let roles = told!({ "assume_role": [
        { "role_arn": "arn:aws-cn:iam::123456789012:role/a", "duration": "1h" },
        { "role_arn": "role", "duration": "5m", "session_name": "a b", "policy": "{", "policy_arns": ["x"], "transitive_tag_keys": ["k"], "tags": {} },
    ] });
    let at = roles
        .iter()
        .filter_map(|s| s.split_once(": "))
        .map(|(at, _)| at.replace("assume_role[1].", ""))
        .collect::<Vec<_>>();
    assert_eq!(
        at,
        ["role_arn", "session_name", "duration", "policy", "policy_arns", "transitive_tag_keys"]
    );
    let web = told!({ "assume_role_with_web_identity": { "role_arn": "x", "web_identity_token": "t", "web_identity_token_file": "f" } });
    assert_eq!(web.len(), 2, "{web:?}");
}

#[test]
fn every_partition_has_regions_and_any_can_be_forced() {
    for region in ["us-gov-west-1", "cn-north-1", "us-iso-east-1", "eusc-de-east-1"] {
        assert!(told!({ "region": region, "sts_region": region }).is_empty());
    }
    assert!(told!({ "region": "moon-1", "skip_region_validation": true }).is_empty());
}

#[test]
fn nothing_is_required() {
    assert!(told!({}).is_empty());
}

#[test]
fn addresses_have_a_host() {
    let all =
        ["http://a", "https://a:1/b", "http://", "https:///a", "a:80", "ftp://a", "http://a b"]
            .map(is_url);
    assert_eq!(all, [true, true, false, false, false, false, false]);
}
