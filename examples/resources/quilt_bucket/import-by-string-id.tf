import {
  to = quilt_bucket.results
  id = "example-results"
}
