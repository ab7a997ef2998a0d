# A network of your own, for a Quilt that is reached from private networks only.
data "quilt_network" "own" {
  vpc_id                  = "vpc-0a1b2c3d4e5f60718"
  internal                = true
  private_subnet_ids      = ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"]
  intra_subnet_ids        = ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"]
  user_subnet_ids         = ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"]
  user_security_group_id  = "sg-0a1b2c3d4e5f60715"
  api_gateway_endpoint_id = "vpce-0a1b2c3d4e5f60716"

  # The company's resolver forwards the private names, and nobody types http://.
  accept = ["dns_resolver", "security_group_http"]
}

# It fits wherever a resource quilt_network does.
resource "quilt_search" "this" {
  name    = "quilt-prod"
  network = data.quilt_network.own
  size    = "small"
}

output "findings" {
  value = [for finding in data.quilt_network.own.findings : finding.what]
}
