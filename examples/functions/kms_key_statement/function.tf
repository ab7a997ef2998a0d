# For `policy` of an `aws_kms_key`: the account keeps the key, and Quilt may use it.
output "key_policy" {
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      jsondecode(provider::quilt::kms_key_statement([
        "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt",
        "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt",
      ])),
    ]
  })
}
