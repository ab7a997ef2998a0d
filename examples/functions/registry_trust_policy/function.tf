locals {
  registry_role_arn = "arn:aws:iam::123456789012:role/quilt-ecsTaskExecutionRole"

  before = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# For `assume_role_policy` of a role that Quilt may take on as well.
output "assume_role_policy" {
  value = provider::quilt::registry_trust_policy(local.registry_role_arn, local.before)
}

# For a role that is Quilt's alone.
output "alone" {
  value = provider::quilt::registry_trust_policy(local.registry_role_arn, null)
}
