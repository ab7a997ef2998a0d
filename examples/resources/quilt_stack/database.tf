# Database and search: a template of the Terraform variant takes a database and a search domain that stand beside the stack.
resource "quilt_database" "this" {
  name    = "quilt-prod"
  network = quilt_network.this
}

resource "quilt_search" "this" {
  name    = "quilt-prod"
  network = quilt_network.this
}

resource "quilt_stack" "wired" {
  name            = "quilt-wired"
  template_file   = "${path.module}/quilt-terraform.yaml"
  web_host        = "wired.example.com"
  certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
  admin_email     = "admin@example.com"
  network         = quilt_network.this
  database        = quilt_database.this
  search          = quilt_search.this
}

# A database and a search domain that exist already.
resource "quilt_stack" "existing" {
  name            = "quilt-existing"
  template_file   = "${path.module}/quilt-terraform.yaml"
  web_host        = "existing.example.com"
  certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
  admin_email     = "admin@example.com"
  network         = quilt_network.this

  database = {
    endpoint                   = "quilt.cluster-0a1b2c3d4e5f.eu-central-1.rds.amazonaws.com"
    password_secret_arn        = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:quilt-database-AbCdEf"
    accessor_security_group_id = "sg-0a1b2c3d4e5f60718"
  }

  search = {
    domain_arn                 = "arn:aws:es:eu-central-1:111122223333:domain/quilt"
    endpoint                   = "vpc-quilt-0a1b2c3d4e5f.eu-central-1.es.amazonaws.com"
    accessor_security_group_id = "sg-0a1b2c3d4e5f60719"
  }
}
