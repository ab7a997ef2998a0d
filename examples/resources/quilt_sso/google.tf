# Google: it has no address of its own.
variable "google_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

# Google has no URL; `domains` says whose people may sign in.
resource "quilt_sso" "google" {
  stack_name        = "quilt-prod"
  identity_provider = "google"
  client_id         = "123456789012-0a1b2c3d4e5f.apps.googleusercontent.com"
  domains           = ["example.com", "example.org"]

  client_secret_wo         = var.google_client_secret
  client_secret_wo_version = 1
}
