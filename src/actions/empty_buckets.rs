//! Action `quilt_empty_buckets`: empties buckets of a stack that are asked for by name.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tokio::time::Instant;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::cloudformation::stack::{Part, Stack};
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::action::Action;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report, Set};

/// The type of a bucket.
const BUCKET: &str = "AWS::S3::Bucket";

attributes! {
    /// Deletes for good every object of buckets of a stack, in every version, with their delete markers: before the deletion of the stack, which
    /// CloudFormation refuses while a bucket holds something. Nothing that is deleted comes back.
    ///
    /// Only buckets that the stack has made, and that are named, are emptied. Those that the template retains, and those of a stack with
    /// termination protection, are refused. A bucket that is empty or gone is no mistake: it can be invoked again at any time.
    pub struct EmptyBucketsConfig {
        /// Name or ARN of the stack.
        stack_name: String = Required;
        /// The buckets, each by its own name; logical ids are not taken.
        buckets: Set<String> = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// How long it goes on, as `90m`. Default `1h`. The next invocation goes on with what is left.
        timeout: String = Optional;
    }
}

/// Action `quilt_empty_buckets`.
pub struct EmptyBuckets;

#[async_trait]
impl Action for EmptyBuckets {
    const NAME: &'static str = "quilt_empty_buckets";
    type Config = EmptyBucketsConfig;

    fn subject(config: &EmptyBucketsConfig) -> String {
        let stack = config.stack_name.as_deref_option().unwrap_or("a stack");
        format!("The emptying of buckets of {stack}")
    }

    fn validate(&self, config: &EmptyBucketsConfig, d: &mut Diagnostics) {
        timeout::validate(&config.timeout, d);
        let Some(buckets) = config.buckets.as_ref_option() else { return };
        if buckets.0.is_empty() {
            let write = "Name the buckets that are to be emptied.";
            return d.fail_at(AttributePath::new("buckets"), "No bucket is named", write);
        }
        let detail = format!(
            "Every object in {} is deleted for good, in every version. Nothing of it comes back.",
            buckets.0.join(", ")
        );
        d.warn_at(AttributePath::new("buckets"), "Buckets will be emptied", detail);
    }

    async fn invoke(
        &self,
        cx: &Cx,
        config: EmptyBucketsConfig,
        _d: &mut Diagnostics,
    ) -> Result<String> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, stack) = Deploy::named(cx, "stack_name", &name, region).await?;
        let _turn = cx.turns.take(&stack.name).await;
        let buckets = config.buckets.as_ref_option().map(|set| set.0.clone()).unwrap_or_default();
        allowed(&deploy, &stack, &buckets).await?;
        let limit = timeout::of(&config.timeout, HOUR);
        let (end, mut deleted) = ((Instant::now() + limit, limit), 0);
        for (n, bucket) in buckets.iter().enumerate() {
            cx.progress.doing(&format!("the bucket {bucket} is being emptied"));
            deploy
                .empty(bucket, end, |cleared| {
                    deleted += cleared;
                    let count = format!(
                        "bucket {} of {}, {deleted} objects and versions deleted",
                        n + 1,
                        buckets.len()
                    );
                    cx.progress.count(count);
                })
                .await?;
        }
        Ok(format!("{} are empty: {deleted} objects and versions were deleted", buckets.join(", ")))
    }
}

fn refused(what: String, fix: &str) -> Error {
    Error::config(AttributePath::new("buckets"), what, fix)
}

/// All of these are buckets of the stack that may be emptied; nothing is touched before that is certain of each.
async fn allowed(deploy: &Deploy<'_>, stack: &Stack, buckets: &[String]) -> Result<()> {
    if stack.protected {
        let state = format!(
            "Termination protection is on for stack {}, so none of its buckets is emptied.",
            stack.name
        );
        let next = "Switch it off first (`enable_termination_protection = false`, and apply), if they are really to be emptied.";
        return Err(Error::Failed { state, next: next.into() });
    }
    let own = deploy.parts_with_owner(&stack.id).await?;
    let mut templates = BTreeMap::new();
    for bucket in buckets {
        let found = own.iter().find(|(_, part)| part.kind == BUCKET && part.physical_id == *bucket);
        let Some((owner, part)) = found else {
            let what =
                format!("The stack {} has no bucket {bucket}, so nothing was emptied.", stack.name);
            return Err(refused(what, &having(&own)));
        };
        if !templates.contains_key(owner) {
            let text = deploy.aws.stacks.template(owner).await?;
            templates.insert(owner.clone(), Template::parse(&text));
        }
        if retained(templates.get(owner), part) {
            let what = format!(
                "The template of stack {} does not say for certain that {} ({bucket}) goes with the stack, so nothing was emptied.",
                stack.name, part.logical_id
            );
            return Err(refused(
                what,
                "Take it out of `buckets`: what a template retains is emptied by hand alone.",
            ));
        }
    }
    Ok(())
}

/// The template keeps it when the stack goes, or that cannot be told.
fn retained<E>(template: Option<&std::result::Result<Template, E>>, part: &Part) -> bool {
    match template {
        Some(Ok(template)) => {
            template.deletion_policy(&part.logical_id).is_some_and(|policy| policy != "Delete")
        }
        _ => true,
    }
}

/// The buckets that there are.
fn having(own: &[(String, Part)]) -> String {
    let there = own.iter().filter(|(_, part)| part.kind == BUCKET && !part.physical_id.is_empty());
    let names: Vec<_> = there.map(|(_, part)| part.physical_id.as_str()).collect();
    match names.is_empty() {
        true => "It has made no bucket at all.".into(),
        false => format!("It has made: {}.", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
