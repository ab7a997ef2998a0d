list "quilt_tabulator_table" "of_results" {
  provider = quilt

  config {
    bucket = "example-results"
  }
}
