output "vpc" {
  description = "The network: the ids of its VPC, subnets, security group and endpoint."
  value       = local.network
}

output "admin_password" {
  description = "ARN of the secret with the first administrator's password, as plain text; null where `parameters` give AdminPassword. With show_passwords the password itself."
  value       = var.show_passwords ? try(data.quilt_secret.admin[0].value, var.parameters["AdminPassword"]) : quilt_stack.this.admin_password_secret_arn
  sensitive   = true
}

output "db_password" {
  description = "ARN of the secret with the database's user and password, JSON with `username` and `password`. With show_passwords the password itself."
  value       = var.show_passwords ? data.quilt_secret.database[0].value : quilt_database.this.password_secret_arn
  sensitive   = true
}

output "stack" {
  description = "The stack, with its `outputs`."
  value       = { for name, value in quilt_stack.this : name => value if name != "parameters_wo" }
}
