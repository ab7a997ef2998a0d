# One certificate for every host, before there is a deployment.
output "certificate_names" {
  value = [
    provider::quilt::hosts("quilt.example.com").web_host,
    provider::quilt::hosts("quilt.example.com").registry_host,
    provider::quilt::hosts("quilt.example.com").s3_proxy_host,
  ]
}

# What the identity provider is told.
output "redirect_uri" {
  value = provider::quilt::hosts("quilt.example.com").callback_url
}
