import {
  to = quilt_tabulator_table.counts
  identity = {
    host   = "data.example.com"
    bucket = "example-results"
    name   = "counts"
  }
}
