output "role_arn" {
  description = "For a role in the catalog's admin panel, with the source Custom."
  value       = aws_iam_role.analysts.arn
}

output "trust_policy" {
  description = "Who may take the role on."
  value       = aws_iam_role.analysts.assume_role_policy
}
