# Copy this file, and put your values in.
old_name      = "quilt-old"
name          = "quilt-next"
cidr          = "10.0.0.0/16"
search_size   = "medium"
template_file = null # the path of the template that Quilt gave you

# What your template asks for and the old deployment does not have; the plan names it.
parameters = {
  CloudTrailBucket         = "example-cloudtrail-bucket"
  CanaryNotificationsEmail = "ops@example.com"
}

# identity_provider = "okta"
# base_url          = "https://example.okta.com/oauth2/default"
# client_id         = "0oa1b2c3d4e5f6g7h8i9"
# client_secret: in the environment, as TF_VAR_client_secret
