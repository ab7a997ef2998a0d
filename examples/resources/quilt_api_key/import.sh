# By the name of its secret, in the provider's region:
terraform import quilt_api_key.admin quilt/data.example.com/api-key/terraform

# By the ARN of its secret, in any region:
terraform import quilt_api_key.admin arn:aws:secretsmanager:eu-central-1:111122223333:secret:quilt/data.example.com/api-key/terraform-AbCdEf
