resource "quilt_network" "this" {
  name = "quilt-prod"
}

# A new, empty database.
resource "quilt_database" "this" {
  name    = "quilt-prod"
  network = quilt_network.this
}

# The database of an older deployment, restored from a snapshot that the same apply takes.
resource "quilt_snapshot" "old" {
  stack_name = "quilt-old"
}

resource "quilt_database" "restored" {
  name           = "quilt-next"
  network        = quilt_network.this
  snapshot       = quilt_snapshot.old
  instance_class = "db.t3.medium"
}
