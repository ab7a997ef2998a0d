list "quilt_policy" "of_science" {
  provider = quilt

  config {
    title_prefix = "Science"
  }
}
