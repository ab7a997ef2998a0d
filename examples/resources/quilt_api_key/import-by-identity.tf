import {
  to = quilt_api_key.admin
  identity = {
    secret_name = "quilt/data.example.com/api-key/terraform"
    region      = "eu-central-1"
  }
}
