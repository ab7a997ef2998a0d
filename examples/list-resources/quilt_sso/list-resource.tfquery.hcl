list "quilt_sso" "okta" {
  provider = quilt

  config {
    identity_provider = "okta"
  }
}
