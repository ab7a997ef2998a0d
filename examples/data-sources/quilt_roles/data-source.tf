data "quilt_roles" "all" {}

# A warning at every plan until new users get a role.
check "somebody_can_sign_up" {
  assert {
    condition     = data.quilt_roles.all.default_role != null
    error_message = "No default role is set: nobody new can sign up."
  }
}
