import {
  to = quilt_sso.okta
  id = "quilt-prod/okta"
}
