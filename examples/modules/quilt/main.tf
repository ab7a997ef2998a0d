# A Quilt deployment from the variables of quiltdata/iac's module `quilt`: change `source`, keep the rest.

locals {
  # A network of ours, or the one that is given by its ids.
  network = var.create_new_vpc ? {
    internal                = var.internal
    vpc_id                  = one(quilt_network.this[*].vpc_id)
    private_subnet_ids      = one(quilt_network.this[*].private_subnet_ids)
    public_subnet_ids       = one(quilt_network.this[*].public_subnet_ids)
    intra_subnet_ids        = one(quilt_network.this[*].intra_subnet_ids)
    user_subnet_ids         = one(quilt_network.this[*].user_subnet_ids)
    user_security_group_id  = one(quilt_network.this[*].user_security_group_id)
    api_gateway_endpoint_id = one(quilt_network.this[*].api_gateway_endpoint_id)
    } : {
    internal                = var.internal
    vpc_id                  = var.vpc_id
    private_subnet_ids      = var.private_subnets
    public_subnet_ids       = var.public_subnets
    intra_subnet_ids        = var.intra_subnets
    user_subnet_ids         = var.user_subnets
    user_security_group_id  = var.user_security_group
    api_gateway_endpoint_id = var.api_endpoint
  }

  # What the objects below bring goes before what stands in `parameters`, as it does in quiltdata/iac.
  brought = [
    "VPC", "Subnets", "PublicSubnets", "UserSubnets", "UserSecurityGroup", "ApiGatewayVPCEndpoint",
    "DBUrl", "DBAccessorSecurityGroup", "SearchDomainEndpoint", "SearchDomainArn", "SearchClusterAccessorSecurityGroup",
  ]

  # Whether the default role is given by its id.
  by_id = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.default_role))
}

resource "quilt_network" "this" {
  count = var.create_new_vpc ? 1 : 0

  name                          = var.name
  cidr                          = var.cidr
  internal                      = var.internal
  enable_termination_protection = var.enable_termination_protection
}

resource "quilt_database" "this" {
  name                          = var.name
  network                       = local.network
  snapshot_identifier           = var.db_snapshot_identifier
  instance_class                = var.db_instance_class
  multi_az                      = var.db_multi_az
  network_type                  = var.db_network_type
  enable_deletion_protection    = var.db_deletion_protection
  enable_termination_protection = var.enable_termination_protection
}

resource "quilt_search" "this" {
  name                          = var.name
  network                       = local.network
  instance_count                = var.search_instance_count
  instance_type                 = var.search_instance_type
  dedicated_master_count        = var.search_dedicated_master_enabled ? var.search_dedicated_master_count : 0
  dedicated_master_type         = var.search_dedicated_master_enabled ? var.search_dedicated_master_type : null
  zone_awareness                = var.search_zone_awareness_enabled
  volume_size                   = var.search_volume_size
  volume_type                   = var.search_volume_type
  volume_iops                   = var.search_volume_iops
  volume_throughput             = var.search_volume_throughput
  enable_termination_protection = var.enable_termination_protection
}

resource "quilt_stack" "this" {
  name                          = var.name
  template_file                 = var.template_file
  network                       = local.network
  database                      = quilt_database.this
  search                        = quilt_search.this
  parameters                    = { for name, value in var.parameters : name => value if !contains(local.brought, name) }
  notification_arns             = var.stack_notification_arns
  on_failure                    = var.on_failure
  enable_termination_protection = var.enable_termination_protection

  # Services must not start before the network's way out is there.
  depends_on = [quilt_network.this]

  timeouts {
    create = var.create_timeout
    update = var.update_timeout
    delete = var.delete_timeout
  }
}

# The role of new people. A catalog has ReadQuiltBucket and ReadWriteQuiltBucket from the first day.
resource "quilt_default_role" "this" {
  count = var.default_role != null ? 1 : 0

  catalog = quilt_stack.this
  role_id = local.by_id ? var.default_role : null
  role    = local.by_id ? null : var.default_role
}

# The passwords pass through Terraform only when they are asked for.
data "quilt_secret" "admin" {
  count = var.show_passwords && !contains(keys(var.parameters), "AdminPassword") ? 1 : 0

  secret_id = quilt_stack.this.admin_password_secret_arn
}

data "quilt_secret" "database" {
  count = var.show_passwords ? 1 : 0

  secret_id = quilt_database.this.password_secret_arn
  key       = "password"
}
