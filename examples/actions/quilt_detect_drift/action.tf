# By hand: terraform apply -invoke=action.quilt_detect_drift.this
action "quilt_detect_drift" "this" {
  config {
    stack_name = "quilt-prod"
  }
}

# In a pipeline, where drift is to stop it before the update.
action "quilt_detect_drift" "strict" {
  config {
    stack_name    = "quilt-prod"
    fail_on_drift = true
    timeout       = "30m"
  }
}

resource "quilt_stack" "this" {
  name          = "quilt-prod"
  template_file = "quilt.yaml"

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.quilt_detect_drift.strict]
    }
  }
}
