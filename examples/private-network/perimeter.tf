# The perimeter: buckets are reached from these VPCs and addresses only. It begins on one clean bucket, and becomes a policy of the organisation later.
locals {
  exempt_tag = "NetworkRestrictedExempt"

  service_control_policy = provider::quilt::data_perimeter_policy(
    var.bucket_prefix,
    concat([var.vpc_id], var.user_vpc_ids),
    var.ip_ranges,
    local.exempt_tag,
  )

  # The same conditions for one bucket: a bucket's policy says whom it is about, and names that bucket alone.
  trial_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in jsondecode(local.service_control_policy).Statement : merge(statement, {
      Principal = "*"
      Resource  = ["arn:aws:s3:::${var.trial_bucket}", "arn:aws:s3:::${var.trial_bucket}/*"]
    })]
  })
}

# First step: a bucket in which nothing is. Whoever applies this needs the exempt tag, or is inside: else the next plan cannot look at the bucket.
resource "aws_s3_bucket" "trial" {
  bucket = var.trial_bucket
}

resource "aws_s3_bucket_policy" "trial" {
  bucket = aws_s3_bucket.trial.id
  policy = local.trial_policy
}

# Last step, with credentials of the organisation's management account: for every account below the target.
resource "aws_organizations_policy" "perimeter" {
  count = var.organization_target_id == null ? 0 : 1

  name        = "${var.name}-perimeter"
  description = "Buckets of Quilt are reached from known networks only."
  type        = "SERVICE_CONTROL_POLICY"
  content     = local.service_control_policy
}

resource "aws_organizations_policy_attachment" "perimeter" {
  count = var.organization_target_id == null ? 0 : 1

  policy_id = aws_organizations_policy.perimeter[0].id
  target_id = var.organization_target_id
}
