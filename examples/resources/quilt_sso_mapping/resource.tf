resource "quilt_role" "guests" {
  name = "Guests"
}

resource "quilt_role" "analysts" {
  name = "Analysts"
}

# Who is in the group "platform" is an administrator; who is in "science" is an analyst; everybody else is a guest.
resource "quilt_sso_mapping" "this" {
  default_role = quilt_role.guests.name

  mappings = [
    {
      schema = jsonencode({
        type       = "object"
        required   = ["groups"]
        properties = { groups = { type = "array", contains = { const = "platform" } } }
      })
      roles = [quilt_role.analysts.name]
      admin = true
    },
    {
      schema = jsonencode({
        type       = "object"
        required   = ["groups"]
        properties = { groups = { type = "array", contains = { const = "science" } } }
      })
      roles = [quilt_role.analysts.name]
    },
  ]
}
