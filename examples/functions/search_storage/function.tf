locals {
  nodes = provider::quilt::search_size("medium").instance_count
}

# GiB over all data nodes, for 500 GiB of what is indexed and one replica.
output "storage" {
  value = provider::quilt::search_storage(500, 1)
}

# `volume_size` of a `quilt_search`.
output "volume_size" {
  value = ceil(provider::quilt::search_storage(500, 1) / local.nodes)
}
