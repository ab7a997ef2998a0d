import {
  to = quilt_database.this
  id = "quilt-prod"
}
