import {
  to = quilt_role.analysts
  identity = {
    host = "data.example.com"
    name = "Analysts"
  }
}
