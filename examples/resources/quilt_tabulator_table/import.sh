# By the bucket and the table, from the catalog that the provider block names:
terraform import quilt_tabulator_table.counts example-results/counts
