import {
  to = quilt_bucket.results
  identity = {
    host = "data.example.com"
    name = "example-results"
  }
}
