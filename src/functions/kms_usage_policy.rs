//! Function `kms_usage_policy`: the policy by which Quilt's roles may use KMS keys.

use crate::arguments;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::policy::kms::usage_policy;

arguments! {
    /// The policy by which roles may read and write what is encrypted with KMS keys (`kms:Decrypt`, `kms:GenerateDataKey`).
    ///
    /// It is needed twice for buckets with SSE-KMS. An IAM policy of it, for every key of the region, goes by its ARN into the parameter
    /// `ManagedUserRoleExtraPolicies` of the stack: the most that users of Quilt's roles may do. Another one, for the keys of certain buckets, becomes a policy in the catalog's admin
    /// panel, attached to the Quilt roles that may use those buckets. The keys' own policies need `kms_key_statement`.
    pub struct KmsUsageArguments {
        /// ARNs of the keys; `arn:aws:kms:us-west-2:123456789012:key/*` is every key of a region. Aliases are none.
        key_arns: Vec<String>;
    }
}

/// Function `kms_usage_policy`.
pub struct KmsUsagePolicyFunction;

impl Function for KmsUsagePolicyFunction {
    const NAME: &'static str = "kms_usage_policy";
    const RETURNS: &'static str = "The policy as JSON, for `policy` of an `aws_iam_policy`.";
    type Arguments = KmsUsageArguments;
    type Answer = String;

    fn answer(KmsUsageArguments { key_arns }: KmsUsageArguments) -> Result<String, Refused> {
        usage_policy(&key_arns).map_err(at("key_arns"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, list, refused};

    #[test]
    fn keys_are_used_and_what_is_none_is_refused() {
        let key = "arn:aws:kms:us-west-2:111122223333:key/*";
        assert!(answered(&KmsUsagePolicyFunction, &[list(&[key])]).as_str().unwrap().contains(key));
        assert_eq!(refused(&KmsUsagePolicyFunction, &[list(&[])]).0, Some(0));
    }
}
