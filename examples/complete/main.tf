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

locals {
  # The templates of the tests, so that this example runs as it is; give your own as template_file.
  fixture = var.internal ? "gen_c_terraform_internal.yaml" : "gen_c_terraform.yaml"
}

resource "quilt_network" "this" {
  name                          = var.name
  cidr                          = var.cidr
  internal                      = var.internal
  nat_gateways                  = var.nat_gateways
  enable_termination_protection = var.enable_termination_protection
}

# PostgreSQL, where Quilt keeps users, roles and settings. Its password is made by AWS and handed on without passing through Terraform's state.
resource "quilt_database" "this" {
  count = var.database_and_search ? 1 : 0

  name                          = var.name
  network                       = quilt_network.this
  enable_deletion_protection    = var.enable_termination_protection
  enable_termination_protection = var.enable_termination_protection
}

resource "quilt_search" "this" {
  count = var.database_and_search ? 1 : 0

  name                          = var.name
  network                       = quilt_network.this
  size                          = var.search_size
  enable_termination_protection = var.enable_termination_protection
}

resource "quilt_stack" "this" {
  name            = var.name
  template_file   = coalesce(var.template_file, "${path.module}/../../tests/fixtures/templates/${local.fixture}")
  web_host        = var.web_host
  certificate_arn = var.certificate_arn
  admin_email     = var.admin_email
  network         = quilt_network.this
  database        = one(quilt_database.this[*])
  search          = one(quilt_search.this[*])

  parameters                    = var.parameters
  parameters_wo                 = var.parameters_wo
  parameters_wo_version         = var.parameters_wo_version
  enable_termination_protection = var.enable_termination_protection
}
