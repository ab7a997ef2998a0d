action "quilt_wait_healthy" "this" {
  config {
    stack_name = "quilt-prod"
    timeout    = "30m"
  }
}

# The apply goes on once the stack is at work.
resource "quilt_stack" "this" {
  name          = "quilt-prod"
  template_file = "quilt.yaml"

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.quilt_wait_healthy.this]
    }
  }
}
