output "url" {
  description = "Where people open the catalog, from inside."
  value       = quilt_stack.this.url
}

output "cnames" {
  description = "DNS records to make in the zone that your network resolves: host => target."
  value       = quilt_stack.this.cnames
}

output "findings" {
  description = "What was found of the network, and is only a warning or was accepted."
  value       = [for finding in data.quilt_network.own.findings : finding.what]
}

output "service_control_policy" {
  description = "The policy for the organisation, for whoever administers it."
  value       = local.service_control_policy
}

output "trial_policy" {
  description = "The policy of the clean bucket."
  value       = local.trial_policy
}
