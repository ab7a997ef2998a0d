//! The stack policy: what an update may not touch.

use crate::aws::Aws;
use crate::cloudformation::stack_policy::Policies;
use crate::deploy::Deploy;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::tf::{AttributePath, Value};

/// Largest body CloudFormation takes, in bytes.
pub const MAX_BODY: usize = 16_384;

type Policy<'a> = (&'a Value<String>, &'a Value<String>);

/// Replaces the policy when body or URL changed. CloudFormation cannot take one away, so nothing is sent when both vanish.
pub async fn replace(
    deploy: &Deploy<'_>,
    id: &str,
    prior: Policy<'_>,
    planned: Policy<'_>,
) -> Result<()> {
    let (body, url) = (planned.0.as_ref_option(), planned.1.as_ref_option());
    if prior == planned
        || (body.is_none() && url.is_none())
        || (planned.1 == prior.1 && same(prior.0, planned.0))
    {
        return Ok(());
    }
    deploy.aws.stacks.set_policy(id, body.map(String::as_str), url.map(String::as_str)).await
}

/// The policies around an update. Where none is named there is none. One that is newly named by its URL is read; where that cannot be, nothing is
/// judged here, and CloudFormation judges by the one that the stack has.
pub async fn around(
    deploy: &Deploy<'_>,
    id: &str,
    prior: Policy<'_>,
    planned: Policy<'_>,
) -> Result<Policies> {
    let named = [prior.0, prior.1, planned.0, planned.1].iter().any(|policy| policy.is_value());
    if !named {
        return Ok(Policies::default());
    }
    let mut body = planned.0.clone();
    if let Some(url) = newly_named(prior, planned) {
        match read(&deploy.aws, url).await? {
            Some(read) => body = read.into(),
            None => return Ok(Policies::default()),
        }
    }
    let now = match deploy.aws.stacks.policy(id).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => prior.0.as_ref_option().cloned(),
        now => now?,
    };
    let other = |then: &&String| !same(&now.clone().into(), &Value::Value((*then).clone()));
    let then = body.as_ref_option().filter(other).cloned();
    Ok(Policies { now, then })
}

/// Refuses a newly named URL behind which there is no stack policy. Where it may not be read, CloudFormation may still be allowed to.
///
/// # Errors
/// There is none, at its attribute.
pub async fn exists(aws: &Aws, prior: Policy<'_>, planned: Policy<'_>) -> Result<()> {
    match newly_named(prior, planned) {
        Some(url) => read(aws, url).await.map(drop),
        None => Ok(()),
    }
}

fn newly_named<'a>(prior: Policy<'_>, planned: Policy<'a>) -> Option<&'a str> {
    planned.1.as_deref_option().filter(|_| planned.1 != prior.1)
}

/// The policy behind a URL; `None`: that cannot be told here.
async fn read(aws: &Aws, url: &str) -> Result<Option<String>> {
    let why = match aws.objects.fetch(url).await {
        Ok(body) => match misfit(&body) {
            None => return Ok(Some(body)),
            Some(misfit) => misfit,
        },
        Err(Error::Config { what, .. }) => what,
        Err(Error::Aws(e)) if matches!(e.kind, AwsErrorKind::Gone | AwsErrorKind::Invalid) => {
            format!("S3 does not give out {url}: {}.", e.message.trim_end_matches('.'))
        }
        Err(_) => return Ok(None),
    };
    let fix = "Nothing was changed. Check bucket, key and region, and that the object was stored before this plan; or write the policy itself in `policy_body`.";
    Err(Error::config(
        AttributePath::new("policy_url"),
        format!("There is no stack policy at this URL. {why}"),
        fix,
    ))
}

/// Why an object is no stack policy.
fn misfit(body: &str) -> Option<String> {
    if body.len() > MAX_BODY {
        return Some(format!(
            "The object has {} bytes; CloudFormation takes {MAX_BODY}.",
            body.len()
        ));
    }
    let e = serde_json::from_str::<serde_json::Value>(body).err()?;
    Some(format!("The object is not JSON: {e}."))
}

/// The policy that the stack has, where an apply ended before that was sure: an update may have gone on without us.
pub async fn look(deploy: &Deploy<'_>, id: &str, policy: &mut Value<String>) -> Result<()> {
    let now = match deploy.aws.stacks.policy(id).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => return Ok(()),
        now => now?.into(),
    };
    if policy.is_value() && !same(policy, &now) {
        *policy = now;
    }
    Ok(())
}

/// Both are JSON that means the same.
pub fn same(a: &Value<String>, b: &Value<String>) -> bool {
    let (Value::Value(a), Value::Value(b)) = (a, b) else { return a == b };
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    a == b || (parse(a).is_some() && parse(a) == parse(b))
}
