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

# The old deployment is looked at and never changed: there is no resource for it here.
data "quilt_stack" "old" {
  count = var.old_is_there ? 1 : 0
  name  = var.old_name
}

# What Quilt keeps in its database: users, roles, buckets, settings. Stop changes in the old catalog before this is taken.
resource "quilt_snapshot" "old" {
  stack_name = var.old_name

  tags = {
    Purpose = "move to ${var.name}"
  }
}

resource "quilt_network" "this" {
  name                          = var.name
  cidr                          = var.cidr
  internal                      = var.internal
  enable_termination_protection = var.enable_protection
}

# Restored from the snapshot, once. What is said of the snapshot later never makes it anew.
resource "quilt_database" "this" {
  name                          = var.name
  network                       = quilt_network.this
  snapshot                      = quilt_snapshot.old
  enable_deletion_protection    = var.enable_protection
  enable_termination_protection = var.enable_protection
}

# Empty at first: the new deployment indexes every bucket by itself.
resource "quilt_search" "this" {
  name                          = var.name
  network                       = quilt_network.this
  size                          = var.search_size
  enable_termination_protection = var.enable_protection
}

# Another name than the old one's: roles, logs and buckets are named after it, and both are there for a while. What both templates have is taken
# over from the old deployment, once; the plan names what cannot be.
resource "quilt_stack" "this" {
  name                          = var.name
  inherit_parameters_from       = var.old_name
  template_file                 = coalesce(var.template_file, "${path.module}/../../tests/fixtures/templates/gen_c_terraform.yaml")
  network                       = quilt_network.this
  database                      = quilt_database.this
  search                        = quilt_search.this
  web_host                      = var.web_host
  certificate_arn               = var.certificate_arn
  admin_email                   = var.admin_email
  parameters                    = var.parameters
  enable_termination_protection = var.enable_protection
}

# Secrets are not carried over: the client's secret is given anew. The callback stays what it was, because the host name does.
resource "quilt_sso" "this" {
  count = var.identity_provider == null ? 0 : 1

  stack_name               = quilt_stack.this.name
  identity_provider        = var.identity_provider
  base_url                 = var.base_url
  client_id                = var.client_id
  client_secret_wo         = var.client_secret
  client_secret_wo_version = 1
}
