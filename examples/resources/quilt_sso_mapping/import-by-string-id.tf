import {
  to = quilt_sso_mapping.this
  id = "data.example.com"
}
