terraform {
  required_version = ">= 1.5"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}
