# terraform apply -invoke=action.quilt_continue_rollback.this
action "quilt_continue_rollback" "this" {
  config {
    stack_name = "quilt-prod"
  }
}

# What can never be rolled back counts as rolled back.
action "quilt_continue_rollback" "skipping" {
  config {
    stack_name        = "quilt-prod"
    resources_to_skip = ["EsIngestBucket"]
  }
}

# So does everything that could not be rolled back.
action "quilt_continue_rollback" "forced" {
  config {
    stack_name     = "quilt-prod"
    force_rollback = true
  }
}
