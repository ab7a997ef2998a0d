list "quilt_user" "administrators" {
  provider = quilt

  config {
    admin  = true
    active = true
  }
}
