# A catalog has one, by the catalog's host:
terraform import quilt_sso_mapping.this data.example.com
