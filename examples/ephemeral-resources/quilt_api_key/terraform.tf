terraform {
  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}
