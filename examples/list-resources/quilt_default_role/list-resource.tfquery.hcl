list "quilt_default_role" "this" {
  provider = quilt
}
