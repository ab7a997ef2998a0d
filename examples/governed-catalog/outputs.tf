output "cnames" {
  description = "DNS records to make."
  value       = quilt_stack.this.cnames
}

output "roles" {
  description = "The roles of the catalog, by name."
  value = {
    guests     = quilt_role.guests.id
    scientists = quilt_role.scientists.id
  }
}
