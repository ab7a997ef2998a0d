//! The bucket for large templates: it is there, in this region, and open to these credentials, to be written to as well.

use super::{Scene, Verdict};
use crate::aws::{Bucket, Leave};
use crate::cloudformation::arn::Arn;
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

/// Asks whether these credentials may put templates into it.
pub async fn look_writable(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(bucket) = &scene.intent.template_bucket else { return Ok(None) };
    let caller = scene.aws.identity.caller().await?;
    let Some(principal) = principal(&caller.arn) else { return Ok(None) };
    let partition = caller.partition.as_deref().unwrap_or("aws");
    let objects = format!("arn:{partition}:s3:::{bucket}/*");
    let leave = scene.aws.policies.leave(&principal, PUT, &objects).await?;
    Ok(leave.map(|leave| judge_leave(&principal, &objects, leave)))
}

const PUT: &str = "s3:PutObject";

/// The user or the role whose policies count; the root has all leave, and no policies.
fn principal(caller: &str) -> Option<String> {
    let arn = Arn::of(caller)?;
    if let Some(session) = arn.named("sts", "assumed-role/") {
        let role = session.split('/').next()?;
        return Some(format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account));
    }
    arn.named("iam", "user/").map(|_| caller.to_string())
}

fn judge_leave(principal: &str, objects: &str, leave: Leave) -> Verdict {
    let why = match leave {
        Leave::Given => {
            return Verdict::pass(format!("{principal} may put templates into the bucket."));
        }
        Leave::Missing => "No policy of theirs allows",
        Leave::Denied => "A policy of theirs denies",
    };
    let found = format!(
        "These credentials are of {principal}. {why} {PUT} on {objects}, and an apply with them would not store the template."
    );
    let fix = "Allow it to them, or name another bucket. Where the apply has other credentials, or the bucket's own policy allows it, nothing is to be done.";
    // Plans are often made by who may only read.
    Verdict::fail(INPUT, "These credentials may not write to the bucket for templates", found, fix)
        .may_pass()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_policies_count() {
        for (caller, whose) in [
            (
                "arn:aws-cn:sts::123456789012:assumed-role/deployer/me",
                Some("arn:aws-cn:iam::123456789012:role/deployer"),
            ),
            (
                "arn:aws:iam::123456789012:user/team/me",
                Some("arn:aws:iam::123456789012:user/team/me"),
            ),
            ("arn:aws:iam::123456789012:root", None),
            ("arn:aws:sts::123456789012:federated-user/me", None),
            ("", None),
        ] {
            assert_eq!(principal(caller).as_deref(), whose, "{caller}");
        }
    }
}
