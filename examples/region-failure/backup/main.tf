# The same deployment in the backup region. It has a state of its own, in the backup region, and asks nothing of the other one.
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

  # A key from before the failure is in the database that is restored: it opens this catalog as well.
  dynamic "catalog" {
    for_each = var.catalog_api_key != null ? [var.web_host] : []

    content {
      host    = catalog.value
      api_key = var.catalog_api_key
    }
  }

  endpoints {
    catalog = var.catalog_endpoint
  }
}

# There before anything happens: a network costs little without NAT gateways, and what is wrong with it is found in time.
resource "quilt_network" "this" {
  name                          = var.name
  cidr                          = var.cidr
  nat_gateways                  = var.failed_over ? "one_per_az" : "none"
  enable_termination_protection = var.enable_protection
}

# The newest copy that has arrived here.
data "quilt_snapshot" "newest" {
  count                  = var.failed_over ? 1 : 0
  db_instance_identifier = var.db_instance_identifier
}

resource "quilt_database" "this" {
  count = var.failed_over ? 1 : 0

  name                          = var.name
  network                       = quilt_network.this
  snapshot_identifier           = data.quilt_snapshot.newest[0].snapshot_identifier
  enable_deletion_protection    = var.enable_protection
  enable_termination_protection = var.enable_protection

  # It is restored once, and newer snapshots are none of its business.
  lifecycle {
    ignore_changes = [snapshot_identifier]
  }
}

# Empty at first: every bucket that is connected is indexed anew.
resource "quilt_search" "this" {
  count = var.failed_over ? 1 : 0

  name                          = var.name
  network                       = quilt_network.this
  size                          = var.search_size
  enable_termination_protection = var.enable_protection
}

resource "quilt_stack" "this" {
  count = var.failed_over ? 1 : 0

  name                          = var.name
  template_file                 = var.template_file
  web_host                      = var.web_host
  certificate_arn               = var.certificate_arn
  admin_email                   = var.admin_email
  network                       = quilt_network.this
  database                      = quilt_database.this[0]
  search                        = quilt_search.this[0]
  parameters                    = var.parameters
  enable_termination_protection = var.enable_protection
}

# The replicas, once DNS leads here: until then the host is that of the catalog that failed.
resource "quilt_bucket" "replica" {
  for_each = var.failed_over ? var.replicas : {}

  name  = each.value
  title = each.key
  tags  = ["replica"]

  depends_on = [quilt_stack.this]
}

output "cnames" {
  description = "Where the records must lead while this region serves: host => target. Empty while it does not."
  value       = one(quilt_stack.this[*].cnames)
}

output "restored_from" {
  description = "The snapshot that the database began from."
  value       = one(quilt_database.this[*].snapshot_identifier)
}

output "registry_role_arn" {
  description = "The registry's role here: roles and keys that trust the one of the other region must trust this one too."
  value       = one(quilt_stack.this[*].registry_role_arn)
}
