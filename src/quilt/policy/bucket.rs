//! The policy of a bucket in another account than Quilt's.

use super::named::{arn, is_account};
use super::{Statement, Words, aws, policy};
use crate::cloudformation::arn::Arn;

/// What Quilt does with a bucket and what is in it.
const ACTIONS: [&str; 14] = [
    "s3:GetObject",
    "s3:GetObjectAttributes",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAttributes",
    "s3:GetObjectVersionTagging",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObject",
    "s3:PutObjectTagging",
    "s3:GetBucketNotification",
    "s3:PutBucketNotification",
];

/// The policy by which Quilt, in its own account, may read, write and watch a bucket. Both are checked.
pub fn cross_account(bucket: &str, account: &str) -> String {
    let partition = arn(bucket).map_or("aws", |arn| arn.partition);
    policy([Statement {
        effect: "Allow",
        principal: aws(Words::of([format!("arn:{partition}:iam::{account}:root")])),
        action: Words::of(ACTIONS),
        resource: Some(Words::of([bucket.to_string(), format!("{bucket}/*")])),
        ..Statement::default()
    }])
}

/// Checks the ARN of a bucket.
///
/// # Errors
/// It is none.
pub fn check_bucket(text: &str) -> Result<(), String> {
    match arn(text) {
        Some(Arn { service: "s3", region: "", account: "", resource, .. }) if is_name(resource) => {
            Ok(())
        }
        _ => Err(format!(
            "`{text}` is not the ARN of a bucket. Write it as `arn:aws:s3:::my-bucket` (`arn` of `aws_s3_bucket`)."
        )),
    }
}

/// Checks the id of an account.
///
/// # Errors
/// It is none.
pub fn check_account(text: &str) -> Result<(), String> {
    if is_account(text) {
        return Ok(());
    }
    Err(format!(
        "`{text}` is not the id of an account. Write twelve digits in quotes, as \"123456789012\": without quotes a 0 in front is lost."
    ))
}

/// The name of a bucket.
fn is_name(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    (3..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with(['-', '.'])
        && !text.ends_with(['-', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partition_is_the_buckets() {
        let of = |bucket: &str| {
            serde_json::from_str::<serde_json::Value>(&cross_account(bucket, "012345678901"))
                .unwrap()["Statement"][0]
                .clone()
        };
        let statement = of("arn:aws:s3:::bucket-in-data-account");
        assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::012345678901:root");
        assert_eq!(statement["Resource"][1], "arn:aws:s3:::bucket-in-data-account/*");
        assert_eq!(
            (statement["Action"].as_array().map(Vec::len), &statement["Action"][0]),
            (Some(14), &"s3:GetObject".into())
        );
        assert_eq!(
            of("arn:aws-cn:s3:::b-1")["Principal"]["AWS"],
            "arn:aws-cn:iam::012345678901:root"
        );
    }

    #[test]
    fn what_is_no_bucket_and_no_account_is_refused() {
        assert_eq!(check_bucket("arn:aws-us-gov:s3:::a.b-1"), Ok(()));
        for text in [
            "my-bucket",
            "arn:aws:s3:::",
            "arn:aws:s3:::a/b",
            "arn:aws:s3:::*",
            "arn:aws:s3:us-east-1:123456789012:accesspoint/a",
            "arn:aws:s3:::A-b",
        ] {
            assert!(
                check_bucket(text).unwrap_err().contains("is not the ARN of a bucket"),
                "{text}"
            );
        }
        assert_eq!(check_account("012345678901"), Ok(()));
        for text in
            ["", "12345678901", "arn:aws:iam::123456789012:root", "12345678901x", "１２３４"]
        {
            assert!(
                check_account(text).unwrap_err().contains("is not the id of an account"),
                "{text}"
            );
        }
    }
}
