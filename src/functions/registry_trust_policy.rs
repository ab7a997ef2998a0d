//! Function `registry_trust_policy`: a role's trust policy in which Quilt is trusted.

use crate::arguments;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::policy::named::check_role;
use crate::quilt::policy::trust::trusting;

arguments! {
    /// The trust policy of a role with a statement in front, by which Quilt's registry may take the role on.
    ///
    /// Nothing else of the policy is touched, not even its spaces. Where the registry is trusted already, the policy comes back as it is. The role can then be
    /// given to a Quilt role in the catalog's admin panel. IAM keeps a role in a trust policy by its inner id: when the deployment is made
    /// anew, apply again.
    pub struct TrustArguments {
        /// ARN of the registry's role, as `registry_role_arn` of a `quilt_stack`.
        role_arn: String;
        /// The trust policy so far, as JSON. Null for a role that trusts nobody yet: the policy then has this one statement.
        policy_json: Option<String>;
    }
}

/// Function `registry_trust_policy`.
pub struct RegistryTrustPolicyFunction;

impl Function for RegistryTrustPolicyFunction {
    const NAME: &'static str = "registry_trust_policy";
    const RETURNS: &'static str =
        "The trust policy as JSON, for `assume_role_policy` of an `aws_iam_role`.";
    type Arguments = TrustArguments;
    type Answer = String;

    fn answer(TrustArguments { role_arn, policy_json }: TrustArguments) -> Result<String, Refused> {
        check_role(&role_arn).map_err(at("role_arn"))?;
        trusting(&role_arn, policy_json.as_deref()).map_err(at("policy_json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, refused};
    use crate::tf::Tree;

    const ROLE: &str = "arn:aws-cn:iam::123456789012:role/quilt";

    #[test]
    fn the_statement_is_put_in_front() {
        let policy = answered(&RegistryTrustPolicyFunction, &[ROLE.into(), Tree::Null]);
        let expected = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws-cn:iam::123456789012:role/quilt"},"Action":"sts:AssumeRole"}]}"#;
        assert_eq!(policy, expected);
        assert_eq!(
            answered(&RegistryTrustPolicyFunction, &[ROLE.into(), expected.into()]),
            expected
        );
    }

    #[test]
    fn each_argument_is_refused_for_itself() {
        assert_eq!(refused(&RegistryTrustPolicyFunction, &["quilt".into(), Tree::Null]).0, Some(0));
        assert_eq!(refused(&RegistryTrustPolicyFunction, &[ROLE.into(), "{}".into()]).0, Some(1));
    }
}
