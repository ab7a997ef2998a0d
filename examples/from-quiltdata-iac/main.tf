# A stack that quiltdata/iac made, taken over as it is. Its network, database, search domain and bucket stay with quiltdata/iac and come in by their ids.
terraform {
  required_version = ">= 1.11"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

provider "quilt" {
  region = var.region
}

# In the configuration that called quiltdata/iac a moved block does the same, without the id:
#
# moved {
#   from = module.quilt.aws_cloudformation_stack.stack
#   to   = quilt_stack.this
# }
import {
  to = quilt_stack.this
  id = var.name
}

resource "quilt_stack" "this" {
  name              = var.name
  template_file     = var.template_file
  web_host          = var.web_host
  certificate_arn   = var.certificate_arn
  admin_email       = var.admin_email
  notification_arns = var.notification_arns
  tags              = var.tags

  network = {
    internal                = var.internal
    vpc_id                  = var.vpc_id
    private_subnet_ids      = var.private_subnets
    public_subnet_ids       = var.public_subnets
    user_subnet_ids         = var.user_subnets
    user_security_group_id  = var.user_security_group
    api_gateway_endpoint_id = var.api_endpoint
  }

  # DBUrl and AdminPassword are secret. They are not mentioned here, and what is not mentioned keeps the value that it has.
  parameters = merge(var.parameters, {
    DBAccessorSecurityGroup            = var.db_accessor_security_group
    SearchDomainArn                    = var.search_domain_arn
    SearchDomainEndpoint               = var.search_domain_endpoint
    SearchClusterAccessorSecurityGroup = var.search_accessor_security_group
  })

  enable_termination_protection = var.enable_termination_protection
}
