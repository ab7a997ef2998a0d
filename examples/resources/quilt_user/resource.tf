# Somebody with one role. The registry writes to the address as soon as the account is made.
resource "quilt_user" "ann" {
  name  = "ann"
  email = "ann@example.com"
  role  = "ReadQuiltBucket"
}

# An administrator who may change between two roles. A destroy deletes the account; otherwise it is deactivated and stays.
resource "quilt_user" "bob" {
  name              = "bob"
  email             = "bob@example.com"
  role              = "ReadQuiltBucket"
  extra_roles       = ["ReadWriteQuiltBucket"]
  admin             = true
  delete_on_destroy = true
}
