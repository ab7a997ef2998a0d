list "quilt_network" "all" {
  provider = quilt

  config {
    name_prefix = "quilt-"
  }
}
