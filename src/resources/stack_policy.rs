//! The stack policy: what an update may not touch.

use crate::deploy::Deploy;
use crate::outcome::Result;
use crate::tf::Value;

/// Largest body CloudFormation takes, in bytes.
pub const MAX_BODY: usize = 16_384;

type Policy<'a> = (&'a Value<String>, &'a Value<String>);

/// Replaces the policy when body or URL changed. CloudFormation cannot take one away, so nothing is sent when both vanish.
pub async fn replace(deploy: &Deploy<'_>, id: &str, prior: Policy<'_>, planned: Policy<'_>) -> Result<()> {
    let (body, url) = (planned.0.as_ref_option(), planned.1.as_ref_option());
    if prior == planned || (body.is_none() && url.is_none()) || (planned.1 == prior.1 && same(prior.0, planned.0)) {
        return Ok(());
    }
    deploy.aws.stacks.set_policy(id, body.map(String::as_str), url.map(String::as_str)).await
}

/// Both are JSON that means the same.
pub fn same(a: &Value<String>, b: &Value<String>) -> bool {
    let (Value::Value(a), Value::Value(b)) = (a, b) else { return a == b };
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    a == b || (parse(a).is_some() && parse(a) == parse(b))
}
