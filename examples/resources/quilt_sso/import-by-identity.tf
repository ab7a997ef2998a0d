import {
  to = quilt_sso.okta
  identity = {
    stack_name        = "quilt-prod"
    identity_provider = "okta"
  }
}
