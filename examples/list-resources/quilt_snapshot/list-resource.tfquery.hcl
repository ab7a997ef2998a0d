list "quilt_snapshot" "of_the_old_stack" {
  provider = quilt

  config {
    db_instance_identifier = "quilt-old-db"
  }
}
