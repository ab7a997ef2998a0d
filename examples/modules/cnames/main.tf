# The DNS records of a deployment in Route 53, from the `cnames` or the `aliases` of a quilt_stack.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "zone_id" {
  description = "Id of the hosted zone that the records go into, as Z0123456789ABCDEFGHIJ."
  type        = string
  nullable    = false
}

variable "cnames" {
  description = "Host name => target: `cnames` of a quilt_stack."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ttl" {
  description = "Seconds that others keep a CNAME record. Lower it to 60 at least one old TTL ahead of a switch to another deployment."
  type        = number
  default     = 300
  nullable    = false
}

# The names come from the configuration, the targets from AWS: with unknown targets the plan still says which records are made.
resource "aws_route53_record" "this" {
  for_each = var.cnames

  zone_id = var.zone_id
  name    = each.key
  type    = "CNAME"
  ttl     = var.ttl
  records = [each.value]
}

output "hosts" {
  description = "The host names that have a record now."
  value       = sort([for record in aws_route53_record.this : record.name])
}
