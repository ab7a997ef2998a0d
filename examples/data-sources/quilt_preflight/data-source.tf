data "quilt_preflight" "prod" {
  stack_name      = "quilt-prod"
  web_host        = "quilt.example.com"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"

  # Each with every default.
  network  = {}
  database = {}
  search   = { size = "large" }

  # These are errors; everything else is told by the block below.
  fail_on = ["stack_name", "engine_version"]
}

# Tells at every plan what would stand in the way, and stops nothing.
check "ready" {
  assert {
    condition = data.quilt_preflight.prod.ready
    error_message = join("\n", [
      for c in data.quilt_preflight.prod.checks : "${c.name}: ${c.found} ${c.fix}" if c.status == "fail"
    ])
  }
}

# What could not be looked at, and the permission that it needs.
output "unknown" {
  value = { for c in data.quilt_preflight.prod.checks : c.name => c.fix if c.status == "unknown" }
}
