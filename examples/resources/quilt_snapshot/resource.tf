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

# A copy in another region, which outlives this one.
resource "quilt_snapshot" "abroad" {
  stack_name          = "quilt-old"
  snapshot_identifier = "quilt-old-abroad"
  copy_to_region      = "eu-west-1"
  copy_kms_key_id     = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
}
