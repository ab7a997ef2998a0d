import {
  to = quilt_user.ann
  identity = {
    name = "ann"
  }
}
