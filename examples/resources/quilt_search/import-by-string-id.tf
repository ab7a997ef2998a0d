import {
  to = quilt_search.this
  id = "quilt-prod"
}
