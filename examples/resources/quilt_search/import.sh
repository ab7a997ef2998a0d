# By the search domain's name, in the provider's region:
terraform import quilt_search.this quilt-prod

# By the ARN of its stack, in any region:
terraform import quilt_search.this arn:aws:cloudformation:eu-central-1:111122223333:stack/quilt-prod-search/6f1d3c80-5a0e-11f0-9a7b-0a1b2c3d4e5f
