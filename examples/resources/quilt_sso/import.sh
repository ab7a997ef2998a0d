# <stack name>/<identity provider>, in the provider's region:
terraform import quilt_sso.okta quilt-prod/okta
