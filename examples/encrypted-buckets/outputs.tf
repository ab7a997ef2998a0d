output "catalog_policy_arn" {
  description = "For a policy in the catalog's admin panel, with \"set ARN manually\"; attach it to roles whose source is Quilt."
  value       = aws_iam_policy.data.arn
}

output "key_arn" {
  description = "The key, for the default encryption of the bucket."
  value       = aws_kms_key.data.arn
}

output "key_policy" {
  description = "The policy that the key has now."
  value       = aws_kms_key_policy.data.policy
}

output "absent_roles" {
  description = "Roles that other versions of Quilt have, and this one not."
  value       = data.quilt_kms_key_policy.this.absent
}
