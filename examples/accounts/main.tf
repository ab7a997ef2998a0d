terraform {
  required_version = ">= 1.11"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

# One block for each account and region. Credentials, and what is known of stacks, are never shared between them.
provider "quilt" {
  alias               = "us"
  region              = "us-east-1"
  access_key          = var.us.access_key
  secret_key          = var.us.secret_key
  allowed_account_ids = [var.us.account_id]

  default_tags {
    tags = { home = "us" }
  }
}

provider "quilt" {
  alias               = "eu"
  region              = "eu-central-1"
  access_key          = var.eu.access_key
  secret_key          = var.eu.secret_key
  allowed_account_ids = [var.eu.account_id]

  default_tags {
    tags = { home = "eu" }
  }
}

module "us" {
  source    = "./deployment"
  providers = { quilt = quilt.us }

  name                          = var.name
  cidr                          = "10.0.0.0/16"
  enable_termination_protection = var.enable_termination_protection
}

module "eu" {
  source    = "./deployment"
  providers = { quilt = quilt.eu }

  name                          = var.name
  cidr                          = "10.1.0.0/16"
  enable_termination_protection = var.enable_termination_protection
}

# Another region of the same account needs no block of its own: `region` of the resource is enough.
resource "quilt_network" "standby" {
  provider                      = quilt.us
  name                          = "${var.name}-standby"
  region                        = "us-west-2"
  cidr                          = "10.2.0.0/16"
  nat_gateways                  = "none"
  enable_termination_protection = var.enable_termination_protection
}
