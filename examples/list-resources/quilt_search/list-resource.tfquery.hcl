list "quilt_search" "all" {
  provider = quilt

  config {
    name_prefix = "quilt-"
  }
}
