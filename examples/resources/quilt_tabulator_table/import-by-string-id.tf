import {
  to = quilt_tabulator_table.counts
  id = "example-results/counts"
}
