# A role of your own that users of the catalog may take on.

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

# The deployment is there already, whoever made it.
data "quilt_stack" "this" {
  name = var.name
}

# Whoever trusts the role so far goes on doing so; the registry comes first.
resource "aws_iam_role" "analysts" {
  name               = var.role_name
  assume_role_policy = provider::quilt::registry_trust_policy(data.quilt_stack.this.registry_role_arn, var.trust_policy)
}
