import {
  to = quilt_user.ann
  identity = {
    host = "data.example.com"
    name = "ann"
  }
}
