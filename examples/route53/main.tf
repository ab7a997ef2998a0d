# A deployment whose certificate and DNS records are made in the same apply, in Route 53 and ACM.

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

locals {
  hosts = provider::quilt::hosts(var.web_host)
}

# The load balancer speaks for each of the catalog's hosts.
module "certificate" {
  source = "../modules/certificate"

  hosts   = [local.hosts.web_host, local.hosts.registry_host, local.hosts.s3_proxy_host]
  zone_id = var.zone_id
}

resource "quilt_network" "this" {
  name = var.name
}

resource "quilt_database" "this" {
  name    = var.name
  network = quilt_network.this
}

resource "quilt_search" "this" {
  name    = var.name
  network = quilt_network.this
  size    = "small"
}

resource "quilt_stack" "this" {
  name            = var.name
  template_file   = var.template_file
  web_host        = var.web_host
  certificate_arn = module.certificate.certificate_arn
  admin_email     = var.admin_email
  network         = quilt_network.this
  database        = quilt_database.this
  search          = quilt_search.this
  parameters      = var.parameters
}

module "cnames" {
  source = "../modules/cnames"

  zone_id = var.zone_id
  cnames  = quilt_stack.this.cnames
}

output "url" {
  description = "Where people open the catalog."
  value       = quilt_stack.this.url
}
