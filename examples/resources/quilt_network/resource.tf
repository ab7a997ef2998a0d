# Internet-facing: a VPC with public, private and intra subnets in two zones.
resource "quilt_network" "this" {
  name = "quilt-prod"
  cidr = "10.0.0.0/16"
}

# Internal: users come through a VPN or a peering, from these ranges alone.
resource "quilt_network" "internal" {
  name          = "quilt-internal"
  cidr          = "10.20.0.0/20"
  internal      = true
  nat_gateways  = "single"
  ingress_cidrs = ["10.0.0.0/8", "192.168.0.0/16"]
}
