terraform {
  required_version = ">= 1.8"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}
