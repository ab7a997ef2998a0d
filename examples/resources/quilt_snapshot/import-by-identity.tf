import {
  to = quilt_snapshot.move
  identity = {
    snapshot_identifier = "quilt-old-before-the-move"
    region              = "eu-central-1"
  }
}
