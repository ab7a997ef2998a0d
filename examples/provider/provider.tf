terraform {
  required_version = ">= 1.5"

  required_providers {
    quilt = {
      source  = "quiltdata/quilt"
      version = "~> 0.1"
    }
  }
}

# Everything here is optional: with an ordinary AWS profile an empty block works.
provider "quilt" {
  region              = "eu-central-1"
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      Team = "data-platform"
    }
  }
}
