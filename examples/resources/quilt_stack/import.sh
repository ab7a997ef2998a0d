# By name, in the provider's region:
terraform import quilt_stack.this quilt-prod

# By ARN, in any region:
terraform import quilt_stack.this arn:aws:cloudformation:eu-central-1:111122223333:stack/quilt-prod/6f1d3c80-5a0e-11f0-9a7b-0a1b2c3d4e5f
