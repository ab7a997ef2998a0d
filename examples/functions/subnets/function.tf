locals {
  subnets = provider::quilt::subnets("10.0.0.0/16")
}

# For a network of one's own, divided as Quilt divides it.
output "private" {
  value = local.subnets.private
}

output "public" {
  value = local.subnets.public
}

output "intra" {
  value = local.subnets.intra
}

output "spare" {
  value = local.subnets.spare
}
