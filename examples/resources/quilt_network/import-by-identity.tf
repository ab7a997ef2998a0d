import {
  to = quilt_network.this
  identity = {
    name = "quilt-prod"
  }
}
