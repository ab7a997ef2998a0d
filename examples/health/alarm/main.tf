# An alarm for the time between two plans: the room on the fullest data node of the search domain, looked at by CloudWatch every five minutes.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

locals {
  # A fifth of the volume or 20 GiB, whichever is less, in MiB: with less than that a node takes no more writes.
  least = min(var.storage_gib * 1024 / 5, 20 * 1024)
}

resource "aws_cloudwatch_metric_alarm" "search_storage" {
  alarm_name          = "${var.domain_name}-search-storage"
  alarm_description   = "A data node of the search domain has little room left: make its volumes larger by half."
  namespace           = "AWS/ES"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DomainName = var.domain_name, ClientId = var.account }
  statistic           = "Minimum"
  comparison_operator = "LessThanOrEqualToThreshold"
  threshold           = local.least
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = var.topics
}

resource "aws_cloudwatch_metric_alarm" "search_red" {
  alarm_name          = "${var.domain_name}-search-red"
  alarm_description   = "The search domain has lost data: see the check `search` of quilt_health."
  namespace           = "AWS/ES"
  metric_name         = "ClusterStatus.red"
  dimensions          = { DomainName = var.domain_name, ClientId = var.account }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  alarm_actions       = var.topics
}
