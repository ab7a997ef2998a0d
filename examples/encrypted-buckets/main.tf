# Buckets with SSE-KMS: the three steps that let a deployment read, index and write them.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

provider "aws" {
  region = var.region
}

provider "quilt" {
  region = var.region
}

# 1. Quilt's roles may use keys at all: the most that any role of the catalog can be allowed.
resource "aws_iam_policy" "keys" {
  name   = "${var.name}-keys"
  policy = provider::quilt::kms_usage_policy(["arn:aws:kms:${var.region}:${var.account_id}:key/*"])
}

resource "quilt_stack" "this" {
  name                          = var.name
  template_file                 = var.template_file
  web_host                      = var.web_host
  certificate_arn               = var.certificate_arn
  admin_email                   = var.admin_email
  parameters_wo                 = var.parameters_wo
  parameters_wo_version         = 1
  enable_termination_protection = var.enable_protection

  # Five policies at the most, with commas and without spaces.
  parameters = merge(var.parameters, {
    ManagedUserRoleExtraPolicies = join(",", concat(var.extra_policy_arns, [aws_iam_policy.keys.arn]))
  })
}

# 2. The key lets Quilt's services use it. Roles that this version of Quilt does not have are left out.
resource "aws_kms_key" "data" {
  description         = "Data of ${var.name}"
  enable_key_rotation = true
}

data "quilt_kms_key_policy" "this" {
  stack_name = quilt_stack.this.name
}

resource "aws_kms_key_policy" "data" {
  key_id = aws_kms_key.data.key_id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Without this one nobody could administer the key any more.
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      jsondecode(data.quilt_kms_key_policy.this.statement),
    ]
  })
}

# 3. A policy for the roles of the catalog that may use this bucket's key, and no other.
resource "aws_iam_policy" "data" {
  name   = "${var.name}-data-key"
  policy = provider::quilt::kms_usage_policy([aws_kms_key.data.arn])
}
