# A key of the catalog's administrator, made while passwords are taken and renewed for as long as this is applied.
resource "quilt_api_key" "admin" {
  name = "terraform"

  catalog = {
    web_host                  = "data.example.com"
    admin_email               = "admin@example.com"
    admin_password_secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:quilt/quilt-prod/admin-password-AbCdEf"
  }
}

# What signs in by it goes on when passwords are turned off.
resource "quilt_role" "guests" {
  catalog = quilt_api_key.admin
  name    = "Guests"
}
