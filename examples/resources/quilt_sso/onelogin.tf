# OneLogin: the issuer is what its console calls "Issuer URL V2".
variable "onelogin_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "quilt_sso" "onelogin" {
  stack_name        = "quilt-prod"
  identity_provider = "onelogin"
  base_url          = "https://example.onelogin.com/oidc/2" # Issuer URL V2
  client_id         = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"

  client_secret_wo         = var.onelogin_client_secret
  client_secret_wo_version = 1
}
