import {
  to = quilt_stack.this
  identity = {
    name       = "quilt-prod"
    account_id = "111122223333"
    region     = "eu-central-1"
  }
}
