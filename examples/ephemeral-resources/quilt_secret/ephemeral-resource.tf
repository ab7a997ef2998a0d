variable "database_secret_arn" {
  description = "`password_secret_arn` of a quilt_database."
  type        = string
}

variable "client_secret_arn" {
  description = "ARN of the secret that holds the client secret of the identity provider."
  type        = string
}

# The whole text of a secret, handed on without a trace in the state.
ephemeral "quilt_secret" "okta" {
  secret_id = var.client_secret_arn
}

resource "quilt_sso" "okta" {
  stack_name               = "quilt-prod"
  identity_provider        = "okta"
  base_url                 = "https://example.okta.com/oauth2/default"
  client_id                = "0oa1b2c3d4"
  client_secret_wo         = ephemeral.quilt_secret.okta.value
  client_secret_wo_version = 1
}

# A member of the JSON object in a secret.
ephemeral "quilt_secret" "database" {
  secret_id = var.database_secret_arn
  key       = "password"
}
