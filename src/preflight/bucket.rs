//! The bucket for large templates: it is there, in this region, and open to these credentials.

use super::{Scene, Verdict};
use crate::aws::Bucket;
use crate::outcome::Result;

const INPUT: &str = "template_bucket";
const FIX: &str = "Correct `template_bucket` in the provider block, or leave it out: the provider then makes a bucket of its own.";

/// Looks for the bucket.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(bucket) = &scene.intent.template_bucket else { return Ok(None) };
    let account = scene.aws.identity.account().await?;
    let found = scene.aws.objects.locate(bucket, &account).await?;
    Ok(Some(judge(bucket, &scene.aws.region, &found)))
}

fn judge(bucket: &str, region: &str, found: &Bucket) -> Verdict {
    let fail = |title, found: String| Verdict::fail(INPUT, title, found, FIX);
    match found {
        Bucket::Here => Verdict::pass(format!("The bucket {bucket} is there, in {region}.")),
        Bucket::Gone => {
            fail("There is no such bucket for templates", format!("There is no bucket {bucket}."))
        }
        Bucket::Elsewhere(other) => fail(
            "The bucket for templates is in another region",
            format!(
                "The bucket {bucket} is in {other}, and the stack in {region}. CloudFormation reads a template from a bucket of its own region."
            ),
        ),
    }
}
