import {
  to = quilt_default_role.this
  identity = {
    host = "data.example.com"
  }
}
