output "networks" {
  description = "Each home's VPC."
  value       = { us = module.us.vpc_id, eu = module.eu.vpc_id, standby = quilt_network.standby.vpc_id }
}
