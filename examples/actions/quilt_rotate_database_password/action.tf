# By hand: terraform apply -invoke=action.quilt_rotate_database_password.this
# Once more, if it was interrupted.
action "quilt_rotate_database_password" "this" {
  config {
    stack_name = quilt_stack.this.id
    database   = quilt_database.this
  }
}

resource "quilt_database" "this" {
  name    = "quilt-prod"
  network = quilt_network.this
}

resource "quilt_stack" "this" {
  name          = "quilt-prod"
  template_file = "quilt.yaml"
  network       = quilt_network.this
  database      = quilt_database.this
  search        = quilt_search.this
}

resource "quilt_network" "this" {
  name = "quilt-prod"
}

resource "quilt_search" "this" {
  name    = "quilt-prod"
  network = quilt_network.this
}
