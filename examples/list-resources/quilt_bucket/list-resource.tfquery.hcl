list "quilt_bucket" "of_the_lab" {
  provider = quilt

  config {
    name_prefix = "lab-"
  }
}
