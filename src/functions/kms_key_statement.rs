//! Function `kms_key_statement`: the statement of a KMS key's policy for Quilt's roles.

use crate::arguments;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::policy::kms::key_statement;

arguments! {
    /// The statement of a KMS key's own policy by which roles may use the key.
    ///
    /// Quilt indexes buckets with SSE-KMS by the roles of these logical ids: `AmazonECSTaskExecutionRole`, `PkgEventsRole`, `SearchHandlerRole`,
    /// `T4BucketReadRole`, `T4BucketWriteRole`, and `DuckDBSelectLambdaRole` or, in older templates, `PkgSelectLambdaRole`. The statement comes beside those that the key's policy has: a key
    /// that only it allows can be administered by nobody.
    pub struct KmsKeyArguments {
        /// ARNs of the roles.
        role_arns: Vec<String>;
    }
}

/// Function `kms_key_statement`.
pub struct KmsKeyStatementFunction;

impl Function for KmsKeyStatementFunction {
    const NAME: &'static str = "kms_key_statement";
    const RETURNS: &'static str = "The statement as JSON; `jsondecode` makes it a member of a policy that is written with `jsonencode`.";
    type Arguments = KmsKeyArguments;
    type Answer = String;

    fn answer(KmsKeyArguments { role_arns }: KmsKeyArguments) -> Result<String, Refused> {
        key_statement(&role_arns).map_err(at("role_arns"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, list, refused};

    #[test]
    fn roles_are_allowed_and_what_is_none_is_refused() {
        let role = "arn:aws:iam::123456789012:role/ReadQuiltV2-prod";
        assert!(
            answered(&KmsKeyStatementFunction, &[list(&[role])]).as_str().unwrap().contains(role)
        );
        assert_eq!(refused(&KmsKeyStatementFunction, &[list(&[role, "quilt"])]).0, Some(0));
    }
}
