output "medium" {
  value = provider::quilt::search_size("medium")
}
