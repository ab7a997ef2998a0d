import {
  to = quilt_policy.science
  identity = {
    host  = "data.example.com"
    title = "Science"
  }
}
