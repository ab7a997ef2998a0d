# What every home gets. A module that is used with several providers names them, and configures none.
terraform {
  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

variable "name" {
  description = "Name of the deployment."
  type        = string
}

variable "cidr" {
  description = "IPv4 range of the network; ranges that are to be peered must differ."
  type        = string
}

variable "enable_termination_protection" {
  description = "Whether everything is protected from deletion."
  type        = bool
}

resource "quilt_network" "this" {
  name                          = var.name
  cidr                          = var.cidr
  enable_termination_protection = var.enable_termination_protection
}

# The topic that this home's operators are told by.
resource "quilt_stack" "notices" {
  name = "${var.name}-notices"

  template_body = jsonencode({
    Resources = { Topic = { Type = "AWS::SNS::Topic", Properties = { DisplayName = "Notices of ${var.name}" } } }
    Outputs   = { Arn = { Value = { Ref = "Topic" } } }
  })

  enable_termination_protection = var.enable_termination_protection
}

output "vpc_id" {
  description = "The VPC."
  value       = quilt_network.this.vpc_id
}
