import {
  to = quilt_bucket.results
  identity = {
    name = "example-results"
  }
}
