# By the role's name, in the catalog of the provider block:
terraform import quilt_role.analysts Analysts
