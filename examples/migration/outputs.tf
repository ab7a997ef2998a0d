output "url" {
  description = "Where people open the catalog: the same address as before, once the DNS records are switched."
  value       = quilt_stack.this.url
}

output "cnames" {
  description = "The DNS records that switch to the new deployment: host name => target."
  value       = quilt_stack.this.cnames
}

output "cnames_before" {
  description = "The DNS records as they are before the switch: the way back. Null once the old deployment is deleted."
  value       = one(data.quilt_stack.old[*].cnames)
}

output "registry_role_arn" {
  description = "The new registry's role, which trust policies, key policies and bucket policies must name before the switch."
  value       = quilt_stack.this.registry_role_arn
}

output "snapshot" {
  description = "The snapshot, which outlives both deployments."
  value       = quilt_snapshot.old.arn
}
