# Every key of the region: for an `aws_iam_policy` whose ARN goes into the parameter `ManagedUserRoleExtraPolicies`.
output "extra_policy" {
  value = provider::quilt::kms_usage_policy(["arn:aws:kms:us-west-2:111122223333:key/*"])
}

# The keys of certain buckets: for a policy in the catalog.
output "catalog_policy" {
  value = provider::quilt::kms_usage_policy([
    "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321",
  ])
}
