# Reading in one bucket, reading and writing in another.
resource "quilt_policy" "science" {
  title = "Science"

  permissions = {
    "example-raw-data" = "READ"
    "example-results"  = "READ_WRITE"
  }
}

# An IAM policy of your own.
resource "quilt_policy" "cross_account" {
  title = "Cross-account data"
  arn   = "arn:aws:iam::111122223333:policy/quilt-cross-account"
}
