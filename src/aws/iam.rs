//! IAM: what a user or a role may do, as its own policies say.

use async_trait::async_trait;
use aws_types::SdkConfig;

use super::signed::Service;
use super::signed::query::{Node, Query};
use crate::outcome::{AwsErrorKind, Result};

const IAM: Service =
    Service { id: "IAM", signs_as: "iam", host: "iam", fips_in_gov_cloud: true, global: true };

/// What may be done, by a user's or a role's own policies.
#[async_trait]
pub trait Policies: Send + Sync {
    /// Whether a principal has leave for an action; `None`: IAM cannot say.
    async fn leave(&self, principal: &str, action: &str, resource: &str) -> Result<Option<Leave>>;
}

/// What policies say of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It is allowed.
    Given,
    /// Nothing allows it; a policy of what it is about still may.
    Missing,
    /// It is denied, whatever else says.
    Denied,
}

/// IAM, which is one for all regions of a partition.
pub struct Iam {
    query: Query,
}

impl Iam {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { query: Query::new(sdk, &IAM, "2010-05-08") }
    }
}

#[async_trait]
impl Policies for Iam {
    async fn leave(&self, principal: &str, action: &str, resource: &str) -> Result<Option<Leave>> {
        let asked = [
            ("PolicySourceArn", principal),
            ("ActionNames.member.1", action),
            ("ResourceArns.member.1", resource),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()));
        let answer = self
            .query
            .call("see what these credentials may do", "SimulatePrincipalPolicy", &asked)
            .await;
        match answer {
            Ok(answer) => Ok(read(&answer)),
            // A session's ARN does not tell the path of its role.
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

/// The decision about the one action that was asked about.
fn read(answer: &Node) -> Option<Leave> {
    let result = answer.part("SimulatePrincipalPolicyResult")?;
    let decision = result.items("EvaluationResults").first()?.text("EvalDecision");
    match decision.as_str() {
        "allowed" => Some(Leave::Given),
        "explicitDeny" => Some(Leave::Denied),
        "implicitDeny" => Some(Leave::Missing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::signed::query;

    #[test]
    fn a_decision_is_read() {
        let answer = |decision: &str| {
            let text = format!(
                "<R><SimulatePrincipalPolicyResult><EvaluationResults><member><EvalActionName>s3:PutObject</EvalActionName>\
                 <EvalDecision>{decision}</EvalDecision></member></EvaluationResults></SimulatePrincipalPolicyResult></R>"
            );
            read(&query::read(text.as_bytes()).unwrap())
        };
        assert_eq!(answer("allowed"), Some(Leave::Given));
        assert_eq!(answer("implicitDeny"), Some(Leave::Missing));
        assert_eq!(answer("explicitDeny"), Some(Leave::Denied));
        assert_eq!(answer("something else"), None);
    }
}
