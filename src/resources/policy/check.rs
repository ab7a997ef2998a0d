//! What a policy's block may not say, and where a refusal of the registry belongs in it.

use super::PolicyState;
use crate::catalog::Catalog;
use crate::outcome::{Error, Result};
use crate::quilt::access::{Level, Permissions, RESERVED_POLICIES};
use crate::resources::catalog;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration, offline.
pub fn validate(config: &PolicyState, d: &mut Diagnostics) {
    let at = AttributePath::new;
    if let Some(title) = config.title.as_deref_option() {
        if title.trim().is_empty() {
            d.fail_at(
                at("title"),
                "The policy has no title",
                "Write one that says what it is for.",
            );
        }
        if RESERVED_POLICIES.contains(&title) {
            let detail = "The stack makes this policy: leave it alone, and choose another title.";
            d.fail_at(at("title"), "This policy belongs to the stack itself", detail);
        }
    }
    match (&config.arn, &config.permissions) {
        (Value::Null, Value::Null) => d.fail_at(
            at("permissions"),
            "The policy allows nothing",
            "Give `permissions`, or the `arn` of an IAM policy. With `permissions = {}` it allows nothing, and that is meant.",
        ),
        (Value::Null, _) | (_, Value::Null) => {}
        _ => d.fail_at(
            at("arn"),
            "Two kinds of policy at once",
            "A policy has `permissions`, or is an IAM policy of yours, whose own statements then decide. Give one of the two.",
        ),
    }
    for (bucket, level) in config.permissions.iter().flatten() {
        if level.as_deref_option().is_some_and(|word| Level::of(word).is_none()) {
            let detail = "Write `READ` or `READ_WRITE`.";
            d.fail_at(at("permissions").key(bucket.clone()), "Not what a policy allows", detail);
        }
    }
}

/// The catalog writes its IAM policy; `None`: that is not known yet.
pub fn is_managed(config: &PolicyState) -> Option<bool> {
    match (&config.permissions, &config.arn, &config.managed) {
        (Value::Value(_), ..) => Some(true),
        (_, _, Value::Value(managed)) => Some(*managed),
        (_, Value::Null, _) => Some(true),
        (Value::Null, Value::Value(_), _) => Some(false),
        _ => None,
    }
}

/// The permissions that are known.
pub fn permissions(state: &PolicyState) -> Permissions {
    let all = state.permissions.iter().flatten();
    all.filter_map(|(bucket, level)| Some((bucket.clone(), Level::of(level.as_deref_option()?)?)))
        .collect()
}

/// Every bucket is one that the catalog has: a registry only fails at another one, and does not say so.
///
/// # Errors
/// The first that it does not have.
pub async fn registered(catalog: &Catalog, state: &PolicyState) -> Result<()> {
    let wanted = permissions(state);
    if wanted.is_empty() {
        return Ok(());
    }
    let has = catalog.policies.buckets().await?;
    match wanted.keys().find(|bucket| !has.contains(bucket)) {
        None => Ok(()),
        Some(bucket) => Err(Error::config(
            AttributePath::new("permissions").key(bucket.clone()),
            format!("The catalog {} does not have the bucket {bucket}.", catalog.host),
            "Add it first: as a `quilt_bucket`, whose name then stands here (`(quilt_bucket.<name>.name) = \"READ\"`), or in the catalog.",
        )),
    }
}

/// A refusal at the attribute that it is about.
pub fn refused(e: Error) -> Error {
    let e = catalog::at(
        "title",
        &["PolicyTitleConflict"],
        e,
        "Choose another title, or import the policy that is there.",
    );
    catalog::at(
        "arn",
        &["PolicyArnConflict", "PolicyArnInvalid"],
        e,
        "Give the ARN of an IAM policy that no other policy of the catalog has, as `arn:aws:iam::123456789012:policy/NAME`.",
    )
}
