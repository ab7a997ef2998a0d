list "quilt_database" "all" {
  provider = quilt

  config {
    name_prefix = "quilt-"
  }
}
