variable "production_arn" {
  description = "`id` of the quilt_stack in production."
  type        = string
}

ephemeral "quilt_admin_password" "production" {
  stack_name = var.production_arn
}

# The administrator signs in to the trial with the password that production began with.
resource "quilt_stack" "trial" {
  name                  = "quilt-trial"
  template_file         = "quilt.yaml"
  parameters_wo         = { AdminPassword = ephemeral.quilt_admin_password.production.password }
  parameters_wo_version = 1
}
