# What the module refuses, each at its variable. No AWS is reached: the provider is a mock.
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
    defaults = { port = 5432 }
  }
}

variables {
  name           = "quilt-prod"
  internal       = false
  create_new_vpc = true
  template_file  = "quilt.yaml"
  parameters     = { AdminEmail = "admin@example.com", QuiltWebHost = "quilt.example.com" }
}

run "a_name_with_capitals" {
  command = plan
  variables { name = "Quilt" }
  expect_failures = [var.name]
}

run "a_name_that_is_too_long" {
  command = plan
  variables { name = "quilt-production-frankfurt" }
  expect_failures = [var.name]
}

run "no_template" {
  command = plan
  variables { template_file = null }
  expect_failures = [var.template_file]
}

run "a_range_that_is_too_small" {
  command = plan
  variables { cidr = "10.0.0.0/25" }
  expect_failures = [var.cidr]
}

run "new_subnets_in_a_vpc_that_exists" {
  command = plan
  variables { vpc_id = "vpc-0a1b2c3d4e5f60718" }
  expect_failures = [var.vpc_id]
}

run "a_new_network_and_subnets" {
  command = plan
  variables {
    intra_subnets   = ["subnet-1", "subnet-2"]
    private_subnets = ["subnet-3", "subnet-4"]
    public_subnets  = ["subnet-5", "subnet-6"]
  }
  expect_failures = [var.intra_subnets, var.private_subnets, var.public_subnets]
}

run "a_network_given_in_part" {
  command = plan
  variables {
    create_new_vpc  = false
    vpc_id          = "vpc-0a1b2c3d4e5f60718"
    private_subnets = ["subnet-3", "subnet-4"]
  }
  expect_failures = [var.intra_subnets, var.public_subnets, var.user_security_group]
}

run "one_subnet_is_not_two" {
  command = plan
  variables {
    create_new_vpc      = false
    vpc_id              = "vpc-0a1b2c3d4e5f60718"
    intra_subnets       = ["subnet-1"]
    private_subnets     = ["subnet-3", "subnet-4"]
    public_subnets      = ["subnet-5", "subnet-6"]
    user_security_group = "sg-0a1b2c3d4e5f60718"
  }
  expect_failures = [var.intra_subnets]
}

run "an_internal_one_needs_its_own_subnets" {
  command = plan
  variables {
    internal            = true
    create_new_vpc      = false
    vpc_id              = "vpc-0a1b2c3d4e5f60718"
    intra_subnets       = ["subnet-1", "subnet-2"]
    private_subnets     = ["subnet-3", "subnet-4"]
    public_subnets      = ["subnet-5", "subnet-6"]
    user_security_group = "sg-0a1b2c3d4e5f60718"
  }
  expect_failures = [var.public_subnets, var.user_subnets, var.api_endpoint]
}

run "an_empty_default_role" {
  command = plan
  variables { default_role = "" }
  expect_failures = [var.default_role]
}

run "values_that_are_none" {
  command = plan
  variables {
    db_instance_class              = "t3.small"
    db_network_type                = "IPV6"
    search_instance_type           = "m6g.xlarge"
    search_dedicated_master_count  = 2
    search_volume_type             = "io1"
    search_volume_iops             = 100
    search_volume_throughput       = 10
    search_auto_tune_desired_state = "ENABLED"
    stack_notification_arns        = ["notices"]
    on_failure                     = "GIVE_UP"
    parameters                     = { AdminPassword = "****" }
  }
  expect_failures = [
    var.db_instance_class,
    var.db_network_type,
    var.search_instance_type,
    var.search_dedicated_master_count,
    var.search_volume_type,
    var.search_volume_iops,
    var.search_volume_throughput,
    var.search_auto_tune_desired_state,
    var.stack_notification_arns,
    var.on_failure,
    var.parameters,
  ]
}
