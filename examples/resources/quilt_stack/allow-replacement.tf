# Replacement, allowed by name: an update that replaces or deletes what holds data is refused at plan, unless the resource is named here.
resource "quilt_stack" "analytics" {
  name              = "analytics"
  template_file     = "analytics.yaml"
  allow_replacement = ["ScratchBucket"]
}
