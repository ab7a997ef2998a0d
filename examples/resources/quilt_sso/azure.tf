# Microsoft Entra ID: by the number of its tenant.
variable "azure_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

# In a national cloud `base_url` takes the place of `tenant_id`: "https://login.microsoftonline.us/<tenant id>".
resource "quilt_sso" "azure" {
  stack_name        = "quilt-prod"
  identity_provider = "azure"
  tenant_id         = "01234567-89ab-cdef-0123-456789abcdef"
  client_id         = "fedcba98-7654-3210-fedc-ba9876543210"

  client_secret_wo         = var.azure_client_secret # its Value, not its Secret ID
  client_secret_wo_version = 1
}
