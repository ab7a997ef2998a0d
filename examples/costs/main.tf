# What a deployment costs at the least, what that leaves out, and a check against a budget. Nothing is asked of AWS.
terraform {
  required_version = ">= 1.8"

  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

variable "hours" {
  description = "For how many hours; 744 are a month of 31 days."
  type        = number
  default     = 744
}

variable "besides" {
  description = "What the table leaves out, as you estimate it for the same hours: what => USD. Two NAT gateways and their addresses, for one."
  type        = map(number)
  default     = {}
}

variable "budget" {
  description = "What it may cost for these hours, USD. Null: not checked."
  type        = number
  default     = null
}

locals {
  table = provider::quilt::baseline_cost(var.hours)
  rows  = { for row in local.table.services : row.service => row.cost }
  total = local.table.total + sum(concat([0], values(var.besides)))
}

check "budget" {
  assert {
    condition     = var.budget == null || local.total <= coalesce(var.budget, 0)
    error_message = "The estimate of ${local.total} ${local.table.currency} for ${var.hours} hours is over the budget. Largest row: ${[for service, cost in local.rows : service if cost == max(values(local.rows)...)][0]}."
  }
}

output "rows" {
  description = "By service, and what you added."
  value       = merge(local.rows, var.besides)
}

output "total" {
  description = "All together, in the currency of the table."
  value       = local.total
}

output "currency" {
  description = "The currency, and for which region the prices are."
  value       = "${local.table.currency}, list prices of ${local.table.region}"
}

output "left_out" {
  description = "What comes on top, unless `besides` has it."
  value       = local.table.left_out
}
