data "quilt_health" "prod" {
  name         = "quilt-prod"
  data_buckets = ["acme-raw-data", "acme-results"]

  # Known and meant.
  accept = ["bucket_replication"]
}

# Tells at every plan what is ill, and stops nothing.
check "healthy" {
  assert {
    condition = data.quilt_health.prod.healthy
    error_message = join("\n", [
      for c in data.quilt_health.prod.checks : "${c.name}: ${c.found} ${c.fix}" if c.status == "fail"
    ])
  }
}

# What could not be looked at, and the permission that it needs.
output "unknown" {
  value = { for c in data.quilt_health.prod.checks : c.name => c.fix if c.status == "unknown" }
}

# Days until the first certificate ends.
output "certificate_days" {
  value = min([for c in data.quilt_health.prod.certificates : c.days_left]...)
}
