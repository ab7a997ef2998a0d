# An ACM certificate for the hosts of a deployment, validated by records in Route 53.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "hosts" {
  description = "The host names that it is for, the catalog's first. The function `hosts` of the provider gives them from the catalog's."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.hosts) > 0
    error_message = "Give at least the catalog's host, as quilt.example.com."
  }
}

variable "zone_id" {
  description = "Id of the hosted zone that the validation records go into, as Z0123456789ABCDEFGHIJ."
  type        = string
  nullable    = false
}

resource "aws_acm_certificate" "this" {
  domain_name               = var.hosts[0]
  subject_alternative_names = slice(var.hosts, 1, length(var.hosts))
  validation_method         = "DNS"

  # A load balancer uses the old one until the new one is there.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }

  zone_id         = var.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

# Waits until ACM has seen the records: usually minutes.
resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

output "certificate_arn" {
  description = "ARN of the certificate, known as issued: `certificate_arn` of a quilt_stack."
  value       = aws_acm_certificate_validation.this.certificate_arn
}
