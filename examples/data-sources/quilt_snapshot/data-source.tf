data "quilt_snapshot" "newest" {
  stack_name = "quilt-old"
}

output "newest" {
  value = {
    snapshot = data.quilt_snapshot.newest.snapshot_identifier
    taken_at = data.quilt_snapshot.newest.created_at
    engine   = data.quilt_snapshot.newest.engine_version
  }
}
