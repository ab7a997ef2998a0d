# All buckets of the laboratory, as a policy names them.
data "quilt_buckets" "lab" {
  name_prefix = "lab-"
}

# Those that no scan has gone through yet.
output "not_indexed" {
  value = [for bucket in data.quilt_buckets.lab.buckets : bucket.name if bucket.last_indexed == null]
}
