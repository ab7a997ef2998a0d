variable "okta_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "quilt_sso" "okta" {
  stack_name        = "quilt-prod" # or quilt_stack.this.name
  identity_provider = "okta"
  base_url          = "https://example.okta.com/oauth2/default"
  client_id         = "0oa1b2c3d4e5f6g7h8i9"

  client_secret_wo         = var.okta_client_secret
  client_secret_wo_version = 1 # raise it when the secret changes
}

# What to enter in Okta's console:
output "okta_setup" {
  value = quilt_sso.okta.setup
}
