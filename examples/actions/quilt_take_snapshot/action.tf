# By hand: terraform apply -invoke=action.quilt_take_snapshot.before_update
action "quilt_take_snapshot" "before_update" {
  config {
    stack_name = "quilt-prod"
  }
}

# Before each update of the stack; if the snapshot cannot be taken, the stack is not updated.
resource "quilt_stack" "this" {
  name          = "quilt-prod"
  template_file = "quilt.yaml"

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.quilt_take_snapshot.before_update]
    }
  }
}
