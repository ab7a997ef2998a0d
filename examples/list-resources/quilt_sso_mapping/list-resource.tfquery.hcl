list "quilt_sso_mapping" "this" {
  provider = quilt
}
