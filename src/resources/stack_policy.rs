//! The stack policy: what an update may not touch.

use crate::cloudformation::stack_policy::Policies;
use crate::deploy::Deploy;
use crate::outcome::{AwsErrorKind, Result};
use crate::tf::Value;

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
    if let Some(url) = planned.1.as_deref_option().filter(|_| planned.1 != prior.1) {
        match deploy.aws.objects.fetch(url).await {
            Ok(read) => body = read.into(),
            Err(_) => return Ok(Policies::default()),
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
