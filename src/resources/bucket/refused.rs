//! Refusals of a registry about a bucket, told at the argument that is to be changed.

use crate::outcome::Error;
use crate::tf::AttributePath;

/// Refusals, the arguments they are about, and what to do.
const CURES: [(&str, &str, &str); 8] = [
    (
        "NotificationConfigurationError",
        "sns_notification_arn",
        "S3 tells one receiver of each kind of change, and this bucket's notifications go elsewhere already, or leave out creations or removals. \
         Send them to an SNS topic, have whoever needs them subscribe to it, and write its ARN here. Or write `DO_NOT_SUBSCRIBE`: then new objects are \
         found by a scan alone.",
    ),
    (
        "NotificationTopicNotFound",
        "sns_notification_arn",
        "Correct the ARN, or make the topic first, in the same region as the bucket.",
    ),
    (
        "SnsInvalid",
        "sns_notification_arn",
        "Write the ARN of an SNS topic which the bucket may publish to and the stack may subscribe to, or `DO_NOT_SUBSCRIBE`.",
    ),
    (
        "BucketDoesNotExist",
        "name",
        "Correct the name, or make the bucket first. One of another account needs a bucket policy that lets the stack in before: the function \
         `cross_account_bucket_policy` writes it.",
    ),
    (
        "InsufficientPermissions",
        "name",
        "Allow that to the stack in the bucket's own policy (the function `cross_account_bucket_policy` writes one) and, where it is encrypted by a key of \
         yours, in the key's policy. Then apply again.",
    ),
    (
        "BucketFileExtensionsToIndexInvalid",
        "file_extensions_to_index",
        "Write endings that the registry can read text from, in lower case with their dot, as `.csv`; an administrator sees them all in the bucket's settings.",
    ),
    (
        "BucketIndexContentBytesInvalid",
        "index_content_bytes",
        "Write 0 for none, or a number within the registry's bounds; an administrator sees them in the bucket's settings.",
    ),
    (
        "BucketNotFound",
        "name",
        "It was removed from the catalog meanwhile. Apply again: it is added anew.",
    ),
];

/// The same at its argument, where it is about one.
pub fn placed(e: Error) -> Error {
    let found = CURES.iter().find(|(code, ..)| e.refusal() == Some(code));
    match found {
        Some((_, at, fix)) => Error::config(AttributePath::new(*at), format!("{e}."), *fix),
        None => e,
    }
}
