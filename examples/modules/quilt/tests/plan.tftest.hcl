# What the module makes of its variables.
mock_provider "quilt" {
  # OpenTofu makes up what is known after the apply, and makes it up empty.
  mock_resource "quilt_network" {
    defaults = {
      vpc_id             = "vpc-0a1b2c3d4e5f60718"
      intra_subnet_ids   = ["subnet-1", "subnet-2"]
      private_subnet_ids = ["subnet-3", "subnet-4"]
      public_subnet_ids  = ["subnet-5", "subnet-6"]
    }
  }
  mock_resource "quilt_database" {
    defaults = {
      endpoint            = "quilt-prod.abcdefghijkl.us-east-1.rds.amazonaws.com"
      port                = 5432
      password_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:quilt-prod-database-AbCdEf"
    }
  }
  mock_resource "quilt_search" {
    defaults = {
      domain_arn = "arn:aws:es:us-east-1:123456789012:domain/quilt-prod"
      endpoint   = "vpc-quilt-prod-0a1b2c3d4e5f.us-east-1.es.amazonaws.com"
    }
  }
}

variables {
  name          = "quilt-prod"
  internal      = false
  template_file = "quilt.yaml"
  parameters    = { AdminEmail = "admin@example.com", QuiltWebHost = "quilt.example.com", VPC = "vpc-somewhere-else" }
}

run "a_network_of_its_own" {
  command = plan
  variables { create_new_vpc = true }

  assert {
    condition     = length(quilt_network.this) == 1 && quilt_network.this[0].cidr == "10.0.0.0/16"
    error_message = "One network, with the default range."
  }
  assert {
    condition     = quilt_database.this.instance_class == "db.t3.small" && quilt_database.this.multi_az && quilt_database.this.enable_deletion_protection
    error_message = "The database's defaults are those of quiltdata/iac."
  }
  assert {
    condition     = quilt_search.this.instance_count == 2 && quilt_search.this.dedicated_master_count == 3 && quilt_search.this.volume_size == 1024
    error_message = "The search domain's defaults are those of quiltdata/iac."
  }
  assert {
    condition     = !contains(keys(quilt_stack.this.parameters), "VPC") && quilt_stack.this.on_failure == "ROLLBACK"
    error_message = "What the network brings is not taken from parameters."
  }
}

run "a_network_that_is_given" {
  command = plan
  variables {
    create_new_vpc      = false
    vpc_id              = "vpc-0a1b2c3d4e5f60718"
    intra_subnets       = ["subnet-1", "subnet-2"]
    private_subnets     = ["subnet-3", "subnet-4"]
    public_subnets      = ["subnet-5", "subnet-6"]
    user_security_group = "sg-0a1b2c3d4e5f60718"
  }

  assert {
    condition     = length(quilt_network.this) == 0 && quilt_stack.this.network.vpc_id == "vpc-0a1b2c3d4e5f60718"
    error_message = "No network is made, and the given one is used."
  }
  assert {
    condition     = output.vpc.public_subnet_ids == tolist(["subnet-5", "subnet-6"])
    error_message = "The output names the given subnets."
  }
}

run "a_search_domain_without_masters" {
  command = plan
  variables {
    create_new_vpc                  = true
    search_dedicated_master_enabled = false
    search_zone_awareness_enabled   = false
    search_instance_count           = 1
  }

  assert {
    condition     = quilt_search.this.dedicated_master_count == 0
    error_message = "No dedicated masters."
  }
}

run "passwords_that_are_asked_for" {
  command = plan
  variables {
    create_new_vpc = true
    show_passwords = true
  }

  assert {
    condition     = length(data.quilt_secret.admin) == 1 && length(data.quilt_secret.database) == 1
    error_message = "Both passwords are read."
  }
}

run "passwords_that_nobody_asked_for" {
  command = plan
  variables { create_new_vpc = true }

  assert {
    condition     = length(data.quilt_secret.admin) == 0 && length(data.quilt_secret.database) == 0
    error_message = "No password passes through Terraform."
  }
}

run "a_default_role_by_its_id" {
  command = plan
  variables {
    create_new_vpc = true
    default_role   = "1a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"
  }

  assert {
    condition     = quilt_default_role.this[0].role_id == "1a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"
    error_message = "The role is taken by its id."
  }
}

run "a_default_role_by_its_name" {
  command = plan
  variables {
    create_new_vpc = true
    default_role   = "ReadQuiltBucket"
  }

  assert {
    condition     = quilt_default_role.this[0].role == "ReadQuiltBucket"
    error_message = "The role is taken by its name."
  }
}

run "no_default_role" {
  command = plan
  variables { create_new_vpc = true }

  assert {
    condition     = length(quilt_default_role.this) == 0
    error_message = "Nothing of the catalog is touched."
  }
}
