# The records of a deployment whose load balancer is known.
output "records" {
  value = provider::quilt::cnames("quilt.example.com", "quilt-1234.us-east-1.elb.amazonaws.com")
}

# With Connect there is a fourth host, which has a load balancer of its own.
output "with_connect" {
  value = provider::quilt::cnames("quilt.example.com", "quilt-1234.us-east-1.elb.amazonaws.com", {
    host   = "quilt-connect.example.com"
    target = "connect-5678.us-east-1.elb.amazonaws.com"
  })
}

# As Route 53 gets them, one by one, whether Connect is on or not:
#
# resource "aws_route53_record" "quilt" {
#   for_each = provider::quilt::cnames("quilt.example.com", quilt_stack.this.load_balancer_dns_name, {
#     host   = quilt_stack.this.connect_host
#     target = quilt_stack.this.connect_load_balancer_dns_name
#   })
#
#   zone_id = var.zone_id
#   name    = each.key
#   type    = "CNAME"
#   ttl     = 60
#   records = [each.value]
# }
