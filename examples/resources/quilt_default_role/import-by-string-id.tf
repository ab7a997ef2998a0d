import {
  to = quilt_default_role.this
  id = "data.example.com"
}
