resource "quilt_role" "guests" {
  name = "Guests"
}

# Without a default role nobody new can sign up.
resource "quilt_default_role" "this" {
  role_id = quilt_role.guests.id
}
