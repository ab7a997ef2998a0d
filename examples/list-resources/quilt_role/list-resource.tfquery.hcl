list "quilt_role" "all" {
  provider = quilt
}
