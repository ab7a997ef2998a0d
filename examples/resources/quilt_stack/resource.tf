resource "quilt_network" "this" {
  name = "quilt-prod"
}

resource "quilt_stack" "this" {
  name            = "quilt-prod"
  template_file   = "${path.module}/quilt.yaml"
  web_host        = "quilt.example.com"
  certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
  admin_email     = "admin@example.com"
  network         = quilt_network.this

  parameters = {
    Qurator = "Enabled"
  }

  # Secrets. They reach CloudFormation and nothing else: no state, no plan.
  parameters_wo = {
    DBPassword = var.database_password
  }
  parameters_wo_version = 1

  timeouts {
    create = "3h"
  }
}

variable "database_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

# The DNS records to make: host name => target.
output "cnames" {
  value = quilt_stack.this.cnames
}
