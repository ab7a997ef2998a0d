# For `policy` of an `aws_s3_bucket_policy` in the account of the data; Quilt is in the account that is named.
output "bucket_policy" {
  value = provider::quilt::cross_account_bucket_policy("arn:aws:s3:::bucket-in-data-account", "123456789012")
}
