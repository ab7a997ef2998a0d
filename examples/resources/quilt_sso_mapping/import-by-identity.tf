import {
  to = quilt_sso_mapping.this
  identity = {
    host = "data.example.com"
  }
}
