# By the user's name, from the catalog that the provider block names:
terraform import quilt_user.ann ann

# Whoever came through an identity provider has an address for a name; any user is found by theirs:
terraform import quilt_user.eve eve@example.com
