# terraform apply -invoke=action.quilt_empty_buckets.before_destroy
action "quilt_empty_buckets" "before_destroy" {
  config {
    stack_name = "quilt-trial"
    buckets    = ["quilt-trial-analyticsbucket-1a2b3c4d", "quilt-trial-synthesizerbucket-5e6f7g8h"]
  }
}
