# An update that replaces or deletes what holds data is refused at plan, unless the resource is named here.
resource "quilt_stack" "analytics" {
  name              = "analytics"
  template_file     = "analytics.yaml"
  allow_replacement = ["ScratchBucket"]
}

# What the last update did.
output "analytics_changes" {
  value = quilt_stack.analytics.planned_changes
}
