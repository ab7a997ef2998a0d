# What analysts may see: two buckets, one of which they also write to.
resource "quilt_policy" "science" {
  title = "Science"

  permissions = {
    "example-raw-data" = "READ"
    "example-results"  = "READ_WRITE"
  }
}

resource "quilt_role" "analysts" {
  name     = "Analysts"
  policies = [quilt_policy.science.id]
}

# An IAM role of your own, which trusts the registry's role.
resource "quilt_role" "auditors" {
  name = "Auditors"
  arn  = "arn:aws:iam::111122223333:role/quilt-auditors"
}
