# A network that Terraform does not manage is given by its ids. Which members are needed depends on the template; the plan says what is missing.
resource "quilt_stack" "internal" {
  name            = "quilt-internal"
  template_file   = "${path.module}/quilt-internal.yaml"
  web_host        = "quilt.corp.example.com"
  certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
  admin_email     = "admin@example.com"

  network = {
    vpc_id                  = "vpc-0a1b2c3d4e5f60718"
    private_subnet_ids      = ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"]
    intra_subnet_ids        = ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"]
    user_subnet_ids         = ["subnet-0a1b2c3d4e5f60715", "subnet-0a1b2c3d4e5f60716"]
    user_security_group_id  = "sg-0a1b2c3d4e5f60717"
    api_gateway_endpoint_id = "vpce-0a1b2c3d4e5f60718"
  }
}
