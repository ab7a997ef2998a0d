output "base_url" {
  value = provider::quilt::azure_base_url("01234567-89ab-cdef-0123-456789abcdef")
}

# In a national cloud.
output "government" {
  value = provider::quilt::azure_base_url("01234567-89ab-cdef-0123-456789abcdef", "login.microsoftonline.us")
}
