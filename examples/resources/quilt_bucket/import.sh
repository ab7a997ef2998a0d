# By the bucket's name, from the catalog that the provider block names:
terraform import quilt_bucket.results example-results
