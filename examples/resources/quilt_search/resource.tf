resource "quilt_network" "this" {
  name = "quilt-prod"
}

# By size: 2 data nodes of 1024 GiB and 3 masters, in two zones.
resource "quilt_search" "this" {
  name    = "quilt-prod"
  network = quilt_network.this
  size    = "medium"
}

# By single arguments: what they leave out is as in "medium".
resource "quilt_search" "custom" {
  name          = "quilt-labs"
  network       = quilt_network.this
  instance_type = "r6g.xlarge.elasticsearch"
  volume_type   = "gp3"
  volume_size   = 1500
  volume_iops   = 6000
}

# One node in one zone, for trials.
resource "quilt_search" "trial" {
  name    = "quilt-trial"
  network = quilt_network.this
  size    = "small"
}
