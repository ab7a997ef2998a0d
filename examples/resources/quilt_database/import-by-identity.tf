import {
  to = quilt_database.this
  identity = {
    name = "quilt-prod"
  }
}
