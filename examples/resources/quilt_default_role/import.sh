# A catalog has one, by the catalog's host:
terraform import quilt_default_role.this data.example.com
