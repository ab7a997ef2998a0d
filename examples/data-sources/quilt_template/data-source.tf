data "quilt_template" "new" {
  template_file = "quilt.yaml"
  given         = ["web_host", "certificate_arn", "admin_email", "network", "database", "search"]
}

# What must still be written in `parameters`.
output "missing" {
  value = data.quilt_template.new.missing
}

output "kind" {
  value = {
    version  = data.quilt_template.new.quilt_version
    internal = data.quilt_template.new.internal
    sign_in  = data.quilt_template.new.sso_family
  }
}

# The secret ones belong into `parameters_wo`.
output "secret" {
  value = [for parameter in data.quilt_template.new.parameters : parameter.name if parameter.no_echo]
}
