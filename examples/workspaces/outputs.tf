output "url" {
  description = "Where people open the catalog."
  value       = quilt_stack.this.url
}

output "cnames" {
  description = "The DNS records to make: host name => target."
  value       = quilt_stack.this.cnames
}
