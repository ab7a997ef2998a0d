# The database of an existing Quilt stack, for a move to a new network.
resource "quilt_snapshot" "move" {
  stack_name = "quilt-old"
}

# Any database instance, under a name of its own, deleted together with this resource.
resource "quilt_snapshot" "before_upgrade" {
  db_instance_identifier = "quilt-prod-db-1x2y3z"
  snapshot_identifier    = "quilt-prod-before-upgrade"
  delete_on_destroy      = true

  tags = {
    Purpose = "before the upgrade"
  }
}
