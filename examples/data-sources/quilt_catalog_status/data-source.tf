data "quilt_catalog_status" "this" {}

check "canaries" {
  assert {
    condition     = data.quilt_catalog_status.this.failed == 0
    error_message = "Canaries failed: ${join(", ", [for canary in data.quilt_catalog_status.this.canaries : canary.title if canary.ok == false])}."
  }
}
