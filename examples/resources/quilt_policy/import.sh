# By the policy's title, in the catalog of the provider block:
terraform import quilt_policy.science Science
