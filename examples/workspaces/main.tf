terraform {
  required_version = ">= 1.11"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }

  # Workspaces need one backend that all machines share. The workspace's name becomes part of the state's key.
  # backend "s3" {
  #   bucket       = "example-terraform-state"
  #   key          = "quilt.tfstate"
  #   region       = "eu-central-1"
  #   use_lockfile = true
  # }
}

locals {
  # What differs between environments, by the workspace's name. Each has its own account, or all have the same.
  environments = {
    dev = {
      web_host     = "quilt-dev.example.com"
      cidr         = "10.20.0.0/20"
      nat_gateways = "single"
      database     = { instance_class = "db.t3.small", multi_az = false, protected = false }
      search       = "small"
      protected    = false
    }
    stage = {
      web_host     = "quilt-stage.example.com"
      cidr         = "10.21.0.0/16"
      nat_gateways = "single"
      database     = { instance_class = "db.t3.small", multi_az = true, protected = false }
      search       = "medium"
      protected    = false
    }
    prod = {
      web_host     = "quilt.example.com"
      cidr         = "10.22.0.0/16"
      nat_gateways = "one_per_az"
      database     = { instance_class = "db.t3.medium", multi_az = true, protected = true }
      search       = "large"
      protected    = true
    }
  }

  known       = contains(keys(local.environments), terraform.workspace)
  environment = local.known ? local.environments[terraform.workspace] : local.environments.dev
  name        = coalesce(var.name, "quilt-${terraform.workspace}")
  protected   = var.protected == null ? local.environment.protected : var.protected
}

provider "quilt" {
  region = var.region

  # Credentials of another environment's account are refused before anything is read or changed.
  allowed_account_ids = local.known ? [var.account_ids[terraform.workspace]] : null

  default_tags {
    tags = { environment = terraform.workspace, managed-by = "terraform" }
  }
}

resource "quilt_network" "this" {
  name                          = local.name
  cidr                          = local.environment.cidr
  nat_gateways                  = local.environment.nat_gateways
  enable_termination_protection = local.protected

  lifecycle {
    precondition {
      condition     = local.known
      error_message = "The workspace ${terraform.workspace} has no settings. Choose one that has: terraform workspace select dev, stage or prod."
    }
  }
}

resource "quilt_database" "this" {
  name                          = local.name
  network                       = quilt_network.this
  instance_class                = local.environment.database.instance_class
  multi_az                      = local.environment.database.multi_az
  enable_deletion_protection    = var.protected == null ? local.environment.database.protected : var.protected
  enable_termination_protection = local.protected
}

resource "quilt_search" "this" {
  name                          = local.name
  network                       = quilt_network.this
  size                          = local.environment.search
  enable_termination_protection = local.protected
}

resource "quilt_stack" "this" {
  name                          = local.name
  template_file                 = var.template_file
  web_host                      = local.environment.web_host
  certificate_arn               = var.certificate_arn
  admin_email                   = var.admin_email
  network                       = quilt_network.this
  database                      = quilt_database.this
  search                        = quilt_search.this
  parameters                    = var.parameters
  parameters_wo                 = var.parameters_wo
  parameters_wo_version         = 1
  enable_termination_protection = local.protected
}
