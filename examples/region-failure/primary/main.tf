# While all is well: what the backup region must have when this one fails. Apply it every night, with the day in `snapshot`.
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

provider "quilt" {
  region = var.region
}

provider "quilt" {
  alias  = "backup"
  region = var.backup_region
}

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "backup"
  region = var.backup_region
}

# What Quilt keeps in its database: users, roles, buckets, settings. Another name tomorrow takes another snapshot; those of before stay in AWS.
resource "quilt_snapshot" "settings" {
  db_instance_identifier = var.db_instance_identifier
  snapshot_identifier    = "${var.name}-${var.snapshot}"
  copy_to_region         = var.backup_region
  copy_kms_key_id        = var.backup_kms_key_arn
}

# What a restore in the backup region would begin from, as that region says it.
data "quilt_snapshot" "newest" {
  provider               = quilt.backup
  db_instance_identifier = var.db_instance_identifier

  depends_on = [quilt_snapshot.settings]
}

# The data: each bucket has a replica in the backup region. Both keep versions, without which S3 replicates nothing.
resource "aws_s3_bucket" "replica" {
  for_each = var.buckets
  provider = aws.backup
  bucket   = each.value
}

resource "aws_s3_bucket_versioning" "replica" {
  for_each = var.buckets
  provider = aws.backup
  bucket   = aws_s3_bucket.replica[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "source" {
  for_each = var.buckets
  bucket   = each.key

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_replication_configuration" "source" {
  for_each   = var.buckets
  depends_on = [aws_s3_bucket_versioning.source, aws_s3_bucket_versioning.replica]
  bucket     = each.key
  role       = var.replication_role_arn

  rule {
    id     = "backup-region"
    status = "Enabled"

    filter {}

    delete_marker_replication {
      status = "Enabled"
    }

    destination {
      bucket = aws_s3_bucket.replica[each.key].arn
    }
  }
}

output "snapshot" {
  description = "The copy that a restore would begin from, and when it was taken: what was changed in the catalog since then would be lost."
  value = {
    identifier = data.quilt_snapshot.newest.snapshot_identifier
    taken_at   = quilt_snapshot.settings.created_at
    copy_arn   = quilt_snapshot.settings.copy_arn
  }
}

output "replicas" {
  description = "Each bucket with its replica, to be connected in the backup region."
  value       = { for bucket, replica in aws_s3_bucket.replica : bucket => replica.bucket }
}
