//! IAM: what a user or a role may do, as its own policies say, and whom a role lets in.

use async_trait::async_trait;
use aws_types::SdkConfig;
use percent_encoding::percent_decode_str;

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
    /// A role of the account, by its name; `None`: there is none.
    async fn role(&self, name: &str) -> Result<Option<Trusting>>;
}

/// A role, and whom it lets in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trusting {
    /// Its ARN, with the path that it has.
    pub arn: String,
    /// The trust policy, as JSON.
    pub trust: String,
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

    async fn role(&self, name: &str) -> Result<Option<Trusting>> {
        let asked = [("RoleName".to_string(), name.to_string())];
        match self.query.call("read the role's trust policy", "GetRole", &asked).await {
            Ok(answer) => Ok(trusting(&answer)),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

/// The role in an answer. Its policy is written as in an address.
fn trusting(answer: &Node) -> Option<Trusting> {
    let role = answer.part("GetRoleResult")?.part("Role")?;
    let policy = role.text("AssumeRolePolicyDocument");
    let trust = percent_decode_str(&policy).decode_utf8_lossy().into_owned();
    Some(Trusting { arn: role.text("Arn"), trust })
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
    fn a_trust_policy_is_written_as_in_an_address() {
        let text = "<R><GetRoleResult><Role><Arn>arn:aws:iam::1:role/a/b</Arn>\
                    <AssumeRolePolicyDocument>%7B%22Statement%22%3A%5B%5D%7D</AssumeRolePolicyDocument></Role></GetRoleResult></R>";
        let found = trusting(&query::read(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            (found.arn.as_str(), found.trust.as_str()),
            ("arn:aws:iam::1:role/a/b", "{\"Statement\":[]}")
        );
    }

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
