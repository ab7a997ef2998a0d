# A stack, and everything in its catalog that makes it ready for people.

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

  endpoints {
    catalog = var.catalog_endpoint
  }
}

resource "quilt_network" "this" {
  name                          = var.name
  enable_termination_protection = var.enable_protection
}

resource "quilt_database" "this" {
  name                          = var.name
  network                       = quilt_network.this
  enable_deletion_protection    = var.enable_protection
  enable_termination_protection = var.enable_protection
}

resource "quilt_search" "this" {
  name                          = var.name
  network                       = quilt_network.this
  enable_termination_protection = var.enable_protection
}

resource "quilt_stack" "this" {
  name            = var.name
  template_file   = var.template_file
  web_host        = var.web_host
  certificate_arn = var.certificate_arn
  admin_email     = var.admin_email
  network         = quilt_network.this
  database        = quilt_database.this
  search          = quilt_search.this

  parameters                    = var.parameters
  parameters_wo                 = var.parameters_wo
  parameters_wo_version         = 1
  enable_termination_protection = var.enable_protection
}

# What the catalog shows.
resource "quilt_bucket" "this" {
  for_each = var.buckets

  catalog     = quilt_stack.this
  name        = each.key
  title       = each.value.title
  description = each.value.description
}

# Files of many packages as tables, each described by a file in Quilt's own YAML.
locals {
  tables = { for name, table in var.tables : name => yamldecode(file(table.file)) }
}

resource "quilt_tabulator_table" "this" {
  for_each = var.tables

  catalog = quilt_stack.this
  bucket  = quilt_bucket.this[each.value.bucket].name
  name    = each.key

  schema            = local.tables[each.key].schema
  source            = local.tables[each.key].source
  parser            = local.tables[each.key].parser
  continue_on_error = try(local.tables[each.key].continue_on_error, null)
}

# Who may see which.
resource "quilt_policy" "read" {
  catalog     = quilt_stack.this
  title       = "Read everything"
  permissions = { for name, bucket in quilt_bucket.this : bucket.name => "READ" }
}

resource "quilt_policy" "write" {
  catalog     = quilt_stack.this
  title       = "Write results"
  permissions = { for name in var.writable : quilt_bucket.this[name].name => "READ_WRITE" }
}

resource "quilt_role" "guests" {
  catalog = quilt_stack.this
  name    = "Guests"
}

resource "quilt_role" "scientists" {
  catalog  = quilt_stack.this
  name     = "Scientists"
  policies = [quilt_policy.read.id, quilt_policy.write.id]
}

# Without it nobody new can sign up.
resource "quilt_default_role" "this" {
  catalog = quilt_stack.this
  role_id = quilt_role.guests.id
}

# The people of the first day. The registry writes to each. Deleted when they are taken out of here: who is only deactivated keeps the role, and the role
# could not go.
resource "quilt_user" "this" {
  for_each = var.scientists

  catalog = quilt_stack.this
  name    = each.key
  email   = each.value
  role    = quilt_role.scientists.name

  delete_on_destroy = true

  depends_on = [quilt_default_role.this]
}
