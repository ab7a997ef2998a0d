output "healthy" {
  description = "Whether nothing failed."
  value       = data.quilt_health.this.healthy
}

output "checks" {
  description = "What was found."
  value       = data.quilt_health.this.checks
}
