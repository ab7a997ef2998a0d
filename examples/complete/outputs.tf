output "url" {
  description = "Where people open the catalog, once the DNS records are made."
  value       = quilt_stack.this.url
}

output "cnames" {
  description = "The DNS records to make: host name => target."
  value       = quilt_stack.this.cnames
}

output "outputs" {
  description = "What the stack gives out."
  value       = quilt_stack.this.outputs
}

output "status" {
  description = "CloudFormation's status of the stack."
  value       = quilt_stack.this.status
}

output "admin_password_secret_arn" {
  description = "ARN of the secret with the first administrator's password: aws secretsmanager get-secret-value --secret-id <it>"
  value       = quilt_stack.this.admin_password_secret_arn
}
