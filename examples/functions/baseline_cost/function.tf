locals {
  month = provider::quilt::baseline_cost()
}

# USD for a month of 31 days, at the least.
output "total" {
  value = local.month.total
}

output "by_service" {
  value = { for row in local.month.services : row.service => row.cost }
}

# What comes on top.
output "left_out" {
  value = local.month.left_out
}

# A week.
output "week" {
  value = provider::quilt::baseline_cost(168).total
}
