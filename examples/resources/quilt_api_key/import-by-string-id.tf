import {
  to = quilt_api_key.admin
  id = "quilt/data.example.com/api-key/terraform"
}
