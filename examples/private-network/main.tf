# Quilt in a network of your own that users reach from inside only, and a data perimeter around its buckets.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

provider "aws" {
  region = var.region
}

provider "quilt" {
  region = var.region
}

# Everything that Quilt needs of the network is looked at, before anything is made in it.
data "quilt_network" "own" {
  vpc_id                  = var.vpc_id
  internal                = true
  private_subnet_ids      = var.private_subnet_ids
  intra_subnet_ids        = var.intra_subnet_ids
  user_subnet_ids         = var.user_subnet_ids
  user_security_group_id  = var.user_security_group_id
  api_gateway_endpoint_id = var.api_gateway_endpoint_id
}

resource "quilt_database" "this" {
  name                          = var.name
  network                       = data.quilt_network.own
  enable_deletion_protection    = var.enable_protection
  enable_termination_protection = var.enable_protection
}

resource "quilt_search" "this" {
  name                          = var.name
  network                       = data.quilt_network.own
  enable_termination_protection = var.enable_protection
}

resource "quilt_stack" "this" {
  name                          = var.name
  template_file                 = var.template_file
  web_host                      = var.web_host
  certificate_arn               = var.certificate_arn
  admin_email                   = var.admin_email
  network                       = data.quilt_network.own
  database                      = quilt_database.this
  search                        = quilt_search.this
  parameters                    = var.parameters
  enable_termination_protection = var.enable_protection
}
