list "quilt_api_key" "all" {
  provider = quilt
}
