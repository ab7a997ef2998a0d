import {
  to = quilt_snapshot.move
  id = "quilt-old-before-the-move"
}
