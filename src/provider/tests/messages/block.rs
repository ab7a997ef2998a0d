//! The provider block.

use serde_json::json;

use super::{part, provider_block};

pub fn write(book: &mut String) {
    part(book, "provider \"quilt\"");
    let mistakes = [
        ("A region is misspelt", json!({ "region": "eu-central-l" })),
        ("A region is written in capitals", json!({ "region": "US-EAST-1" })),
        ("A zone is written for a region", json!({ "region": "us-east-1a" })),
        ("A region is unlike any other", json!({ "region": "moon" })),
        ("The region of STS is misspelt", json!({ "sts_region": "us-east1" })),
        ("An access key stands alone", json!({ "access_key": "AKIAEXAMPLE" })),
        ("A secret key stands alone", json!({ "secret_key": "s3cr3t" })),
        ("A token stands alone", json!({ "token": "t0ken" })),
        ("An account id is too short", json!({ "allowed_account_ids": ["123"] })),
        (
            "Accounts are allowed and forbidden",
            json!({ "allowed_account_ids": ["123456789012"], "forbidden_account_ids": ["210987654321"] }),
        ),
        (
            "Accounts are allowed, and nobody is to ask which one it is",
            json!({ "allowed_account_ids": ["123456789012"], "skip_requesting_account_id": true }),
        ),
        ("Calls are to be repeated a negative number of times", json!({ "max_retries": -1 })),
        ("The way of repeating calls is an old one", json!({ "retry_mode": "legacy" })),
        ("A proxy has no scheme", json!({ "https_proxy": "proxy:8080" })),
        ("A proxy with a password has no scheme", json!({ "https_proxy": "me:secret@proxy:8080" })),
        ("The bucket's name has capitals", json!({ "template_bucket": "My_Bucket" })),
        (
            "A default tag has a key of AWS",
            json!({ "default_tags": { "tags": { "aws:team": "data" } } }),
        ),
        ("An endpoint has no scheme", json!({ "endpoints": { "s3": "localhost" } })),
        (
            "The search service has two endpoints",
            json!({ "endpoints": { "es": "http://localhost:1", "elasticsearch": "http://localhost:2" } }),
        ),
        ("A catalog has no host", json!({ "catalog": { "api_key": "qk_1234567890" } })),
        (
            "A catalog's host has a scheme",
            json!({ "catalog": { "host": "https://data.example.com", "api_key": "qk_1234567890" } }),
        ),
        ("Nobody signs in to a catalog", json!({ "catalog": { "host": "data.example.com" } })),
        (
            "Two ways to sign in to a catalog",
            json!({ "catalog": { "host": "data.example.com", "api_key": "qk_1234567890", "username": "admin" } }),
        ),
        (
            "A role with everything wrong",
            json!({ "assume_role": [{ "role_arn": "role", "duration": "5m", "session_name": "a b", "source_identity": "c d", "policy": "{",
                "policy_arns": ["x"], "external_id": "1", "transitive_tag_keys": ["k"], "tags": {} }] }),
        ),
        (
            "A web identity with two tokens",
            json!({ "assume_role_with_web_identity": { "role_arn": "arn:aws:iam::123456789012:role/a", "web_identity_token": "t", "web_identity_token_file": "f" } }),
        ),
        ("A web identity without a role", json!({ "assume_role_with_web_identity": {} })),
    ];
    for (title, block) in mistakes {
        provider_block(book, title, block, &[]);
    }
    let variables = [
        ("An endpoint in the environment has no scheme", ("AWS_ENDPOINT_URL_S3", "localhost:4566")),
        ("Half a pair of keys in the environment", ("AWS_SECRET_ACCESS_KEY", "s3cr3t")),
        ("No attempts at all in the environment", ("AWS_MAX_ATTEMPTS", "0")),
        ("An unknown way of repeating calls in the environment", ("AWS_RETRY_MODE", "eager")),
        ("FIPS is neither on nor off in the environment", ("AWS_USE_FIPS_ENDPOINT", "maybe")),
        ("A line break for the user agent in the environment", ("TF_APPEND_USER_AGENT", "a\nb")),
    ];
    for (title, variable) in variables {
        provider_block(book, title, json!({}), &[variable]);
    }
}
