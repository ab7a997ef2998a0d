import {
  to = quilt_network.this
  id = "quilt-prod"
}
