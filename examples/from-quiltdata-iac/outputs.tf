output "stack" {
  description = "The stack, as quiltdata/iac gave it out."
  value       = { for name, value in quilt_stack.this : name => value if name != "parameters_wo" }
}

output "cnames" {
  description = "The DNS records: host name => target."
  value       = quilt_stack.this.cnames
}
