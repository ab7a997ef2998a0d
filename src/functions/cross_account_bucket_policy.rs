//! Function `cross_account_bucket_policy`: the policy of a bucket in another account than Quilt's.

use crate::arguments;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::policy::bucket::{check_account, check_bucket, cross_account};

arguments! {
    /// The policy of a bucket in another account than Quilt's, by which Quilt may read, write and watch it.
    ///
    /// Who of Quilt's users sees the bucket is still decided in the catalog. The bucket's objects should belong to the bucket's owner (`BucketOwnerEnforced`).
    /// A bucket has one policy: what it had so far is to be merged with this one.
    pub struct CrossAccountArguments {
        /// ARN of the bucket; the policy is for its partition.
        bucket_arn: String;
        /// The twelve digits of the account that the Quilt deployment is in, in quotes.
        account_id: String;
    }
}

/// Function `cross_account_bucket_policy`.
pub struct CrossAccountBucketPolicyFunction;

impl Function for CrossAccountBucketPolicyFunction {
    const NAME: &'static str = "cross_account_bucket_policy";
    const RETURNS: &'static str = "The policy as JSON, for `policy` of an `aws_s3_bucket_policy`.";
    type Arguments = CrossAccountArguments;
    type Answer = String;

    fn answer(
        CrossAccountArguments { bucket_arn, account_id }: CrossAccountArguments,
    ) -> Result<String, Refused> {
        check_bucket(&bucket_arn).map_err(at("bucket_arn"))?;
        check_account(&account_id).map_err(at("account_id"))?;
        Ok(cross_account(&bucket_arn, &account_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, refused};

    /// The example of Quilt's page on other accounts, with the attributes of objects that newer releases read.
    #[test]
    fn the_documented_policy() {
        let policy = answered(
            &CrossAccountBucketPolicyFunction,
            &["arn:aws:s3:::bucket-in-data-account".into(), "123456789012".into()],
        );
        let expected = concat!(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["#,
            r#""s3:GetObject","s3:GetObjectAttributes","s3:GetObjectTagging","s3:GetObjectVersion","s3:GetObjectVersionAttributes","#,
            r#""s3:GetObjectVersionTagging","s3:ListBucket","s3:ListBucketVersions","s3:DeleteObject","s3:DeleteObjectVersion","s3:PutObject","#,
            r#""s3:PutObjectTagging","s3:GetBucketNotification","s3:PutBucketNotification"],"#,
            r#""Resource":["arn:aws:s3:::bucket-in-data-account","arn:aws:s3:::bucket-in-data-account/*"]}]}"#
        );
        assert_eq!(policy, expected);
    }

    #[test]
    fn each_argument_is_refused_for_itself() {
        assert_eq!(
            refused(&CrossAccountBucketPolicyFunction, &["bucket".into(), "123456789012".into()]).0,
            Some(0)
        );
        assert_eq!(
            refused(&CrossAccountBucketPolicyFunction, &["arn:aws:s3:::bucket".into(), "1".into()])
                .0,
            Some(1)
        );
    }
}
