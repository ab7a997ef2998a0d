# For `content` of an `aws_organizations_policy` of type SERVICE_CONTROL_POLICY. Try it on one clean bucket first.
output "service_control_policy" {
  value = provider::quilt::data_perimeter_policy(
    "quilt",
    ["vpc-0123456789abcdef0", "vpc-0fedcba9876543210"],
    ["192.0.2.0/24"],
    "NetworkRestrictedExempt",
  )
}
