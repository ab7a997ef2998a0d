import {
  to = quilt_search.this
  identity = {
    name = "quilt-prod"
  }
}
