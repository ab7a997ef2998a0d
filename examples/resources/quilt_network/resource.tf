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

# Closed: no way out but endpoints of AWS's services. All traffic is recorded.
resource "quilt_network" "closed" {
  name                 = "quilt-closed"
  cidr                 = "10.30.0.0/20"
  internal             = true
  nat_gateways         = "none"
  ingress_cidrs        = ["10.0.0.0/8"]
  interface_endpoints  = ["logs", "ecr.api", "ecr.dkr", "sqs", "sns", "lambda", "ecs", "events", "kms"]
  flow_logs            = "s3"
  flow_logs_bucket_arn = "arn:aws:s3:::acme-network-records/quilt"
}

# Out through a transit gateway, as the organisation has it, instead of NAT.
resource "quilt_network" "routed" {
  name               = "quilt-routed"
  cidr               = "10.40.0.0/20"
  internal           = true
  transit_gateway_id = "tgw-0123456789abcdef0"
}
