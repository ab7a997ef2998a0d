# How a deployment is, as `check` blocks: told at every plan, and at every apply.

terraform {
  required_version = ">= 1.11"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

provider "quilt" {
  region = var.region
}

data "quilt_health" "this" {
  name         = var.name
  data_buckets = var.data_buckets
  drift        = var.drift
  registry     = var.registry
  accept       = var.accept
}

locals {
  by_status = { for c in data.quilt_health.this.checks : c.status => "${c.name}: ${c.found} ${c.fix}"... }
}

# A plan and an apply tell what is ill, and go on.
check "healthy" {
  assert {
    condition     = data.quilt_health.this.healthy
    error_message = join("\n", lookup(local.by_status, "fail", ["It is accepted."]))
  }
}

# What is unknown is no failure, and no health either.
check "known" {
  assert {
    condition     = !contains(keys(local.by_status), "unknown")
    error_message = join("\n", lookup(local.by_status, "unknown", ["All is known."]))
  }
}

# The certificate must be renewed long before its end.
check "certificate" {
  assert {
    condition     = alltrue([for c in coalesce(data.quilt_health.this.certificates, []) : c.days_left >= var.certificate_days])
    error_message = "A certificate ends within ${var.certificate_days} days."
  }
}
