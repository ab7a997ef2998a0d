data "quilt_kms_key_policy" "this" {
  stack_name = "quilt-prod"
}

# The policy of the key, for `policy` of an aws_kms_key: whoever administers it, and Quilt's roles.
output "policy" {
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      jsondecode(data.quilt_kms_key_policy.this.statement),
    ]
  })
}
