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
