data "quilt_stack" "old" {
  name = "quilt-old"
}

# The stack's own database, saved before anything else is done.
resource "quilt_snapshot" "old" {
  db_instance_identifier = data.quilt_stack.old.db_instance_identifier
}

output "records" {
  value = data.quilt_stack.old.cnames
}

# What must be given anew to another stack: nobody gives secrets out.
output "secrets" {
  value = data.quilt_stack.old.secret_parameters
}
