list "quilt_stack" "all" {
  provider = quilt

  config {
    statuses = ["CREATE_COMPLETE", "UPDATE_COMPLETE"]
    tags     = { team = "data" }
  }
}
