variable "name" {
  description = "Name of the deployment."
  type        = string
  default     = "quilt-prod"
}

variable "region" {
  description = "The region that is saved."
  type        = string
  default     = "us-east-1"
}

variable "backup_region" {
  description = "The region that takes over."
  type        = string
  default     = "us-west-2"
}

variable "db_instance_identifier" {
  description = "The database's instance: `instance_identifier` of a quilt_database, or `db_instance_identifier` of the data source quilt_stack."
  type        = string
}

variable "snapshot" {
  description = "What tells this snapshot from the others, as the day 2026-11-29."
  type        = string
}

variable "backup_kms_key_arn" {
  description = "ARN of a key in the backup region, for the copy of an encrypted snapshot. Null: the snapshot is not encrypted."
  type        = string
  default     = null
}

variable "buckets" {
  description = "The connected buckets: name => name of the replica."
  type        = map(string)
  default     = {}
}

variable "replication_role_arn" {
  description = "ARN of the role that S3 replicates as."
  type        = string
  default     = null
}
