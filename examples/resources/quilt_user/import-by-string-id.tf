import {
  to = quilt_user.ann
  id = "ann"
}
