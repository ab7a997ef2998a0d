# A key of the provider block's user, for what else this run does in the catalog.
ephemeral "quilt_api_key" "run" {
  name = "terraform"
}

# Another block of the provider works by it, in the same run.
provider "quilt" {
  alias = "catalog"

  catalog {
    host    = "data.example.com"
    api_key = ephemeral.quilt_api_key.run.secret
  }
}
