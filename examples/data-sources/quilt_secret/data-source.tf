variable "database_secret_arn" {
  description = "`password_secret_arn` of a quilt_database."
  type        = string
}

data "quilt_secret" "database" {
  secret_id = var.database_secret_arn
  key       = "password"
}

output "database_password" {
  value     = data.quilt_secret.database.value
  sensitive = true
}
