# The variables of quiltdata/iac's module `quilt`, with its defaults. Three are ours: enable_termination_protection, show_passwords and default_role.

variable "name" {
  description = "Name of the network, the database, the search domain and the stack."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) <= 20 && can(regex("^[a-z][a-z0-9-]+[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "Lower-case letters, digits and single hyphens; 3 to 20 characters, the first a letter, the last no hyphen."
  }
}

variable "template_file" {
  description = "Path of the CloudFormation template that Quilt gave you."
  type        = string
  default     = null

  validation {
    condition     = var.template_file != null
    error_message = "Give the path of the template. A destroy needs the path that the last apply had, but not the file."
  }
}

variable "parameters" {
  description = "Parameters of the template. Secret ones are kept in the state, as in quiltdata/iac."
  type        = map(string)
  nullable    = false

  validation {
    condition     = !contains(values(var.parameters), "****")
    error_message = "`****` is what CloudFormation shows instead of a secret: give the real value."
  }
}

variable "internal" {
  description = "Whether users reach Quilt from inside only. The template must be of the same kind."
  type        = bool
  nullable    = false
}

variable "create_new_vpc" {
  description = "Whether a network is made; otherwise one is given by its ids."
  type        = bool
  default     = false
  nullable    = false
}

variable "cidr" {
  description = "IPv4 range of the new network, /16 to /24."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 255))
    error_message = "The range must hold at least 256 IPv4 addresses: write it as 10.0.0.0/16, and no smaller than /24."
  }
}

variable "vpc_id" {
  description = "The given network's VPC."
  type        = string
  default     = null

  validation {
    condition     = var.create_new_vpc ? var.vpc_id == null : var.vpc_id != null
    error_message = "With create_new_vpc = true leave vpc_id out: new subnets in a VPC that exists are not made. With create_new_vpc = false give it."
  }
}

variable "intra_subnets" {
  description = "The given network's two subnets without a route out, for database and search."
  type        = list(string)
  default     = null

  validation {
    condition     = var.create_new_vpc ? var.intra_subnets == null : try(length(var.intra_subnets) == 2, false)
    error_message = "Two subnet ids with create_new_vpc = false; leave it out with create_new_vpc = true."
  }
}

variable "private_subnets" {
  description = "The given network's two subnets with a way out, for Quilt's services."
  type        = list(string)
  default     = null

  validation {
    condition     = var.create_new_vpc ? var.private_subnets == null : try(length(var.private_subnets) == 2, false)
    error_message = "Two subnet ids with create_new_vpc = false; leave it out with create_new_vpc = true."
  }
}

variable "public_subnets" {
  description = "The given network's two public subnets, for an internet-facing load balancer."
  type        = list(string)
  default     = null

  validation {
    condition     = var.create_new_vpc || var.internal ? var.public_subnets == null : try(length(var.public_subnets) == 2, false)
    error_message = "Two subnet ids with create_new_vpc = false and internal = false; leave it out otherwise."
  }
}

variable "user_subnets" {
  description = "The given network's two subnets for an internal load balancer."
  type        = list(string)
  default     = null

  validation {
    condition     = !var.create_new_vpc && var.internal ? try(length(var.user_subnets) == 2, false) : var.user_subnets == null
    error_message = "Two subnet ids with create_new_vpc = false and internal = true; leave it out otherwise."
  }
}

variable "user_security_group" {
  description = "The given network's security group that lets users in on 443 and 80."
  type        = string
  default     = null

  validation {
    condition     = var.create_new_vpc ? var.user_security_group == null : var.user_security_group != null
    error_message = "Needed with create_new_vpc = false; leave it out with create_new_vpc = true."
  }
}

variable "api_endpoint" {
  description = "The given network's execute-api endpoint, for an internal deployment."
  type        = string
  default     = null

  validation {
    condition     = !var.create_new_vpc && var.internal ? var.api_endpoint != null : var.api_endpoint == null
    error_message = "Needed with create_new_vpc = false and internal = true; leave it out otherwise."
  }
}

variable "db_snapshot_identifier" {
  description = "Snapshot to restore the database from. Used once: a later change changes nothing."
  type        = string
  default     = null
}

variable "db_instance_class" {
  description = "Class of the database instance."
  type        = string
  default     = "db.t3.small"
  nullable    = false

  validation {
    condition     = startswith(var.db_instance_class, "db.")
    error_message = "A class of RDS, as db.t3.small."
  }
}

variable "db_multi_az" {
  description = "Whether a second zone holds a standby of the database."
  type        = bool
  default     = true
  nullable    = false
}

variable "db_network_type" {
  description = "IPV4 or DUAL."
  type        = string
  default     = "DUAL"
  nullable    = false

  validation {
    condition     = contains(["IPV4", "DUAL"], var.db_network_type)
    error_message = "IPV4 (for a VPC without IPv6) or DUAL."
  }
}

variable "db_deletion_protection" {
  description = "Whether the database is protected from deletion."
  type        = bool
  default     = true
  nullable    = false
}

variable "search_instance_count" {
  description = "How many data nodes."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.search_instance_count >= 1 && floor(var.search_instance_count) == var.search_instance_count
    error_message = "A whole number, 1 or more."
  }
}

variable "search_instance_type" {
  description = "Type of the data nodes."
  type        = string
  default     = "m6g.xlarge.elasticsearch"
  nullable    = false

  validation {
    condition     = endswith(var.search_instance_type, ".elasticsearch")
    error_message = "A type of the search service, as m6g.xlarge.elasticsearch."
  }
}

variable "search_dedicated_master_enabled" {
  description = "Whether there are dedicated masters."
  type        = bool
  default     = true
  nullable    = false
}

variable "search_dedicated_master_count" {
  description = "How many dedicated masters."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = contains([3, 5], var.search_dedicated_master_count)
    error_message = "3 or 5; search_dedicated_master_enabled = false means none."
  }
}

variable "search_dedicated_master_type" {
  description = "Type of the dedicated masters."
  type        = string
  default     = "m6g.large.elasticsearch"
  nullable    = false

  validation {
    condition     = endswith(var.search_dedicated_master_type, ".elasticsearch")
    error_message = "A type of the search service, as m6g.large.elasticsearch."
  }
}

variable "search_zone_awareness_enabled" {
  description = "Whether the nodes are spread over two zones."
  type        = bool
  default     = true
  nullable    = false
}

variable "search_volume_size" {
  description = "GiB of each data node."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.search_volume_size >= 10
    error_message = "10 GiB or more."
  }
}

variable "search_volume_type" {
  description = "gp2 or gp3."
  type        = string
  default     = "gp2"
  nullable    = false

  validation {
    condition     = contains(["gp2", "gp3"], var.search_volume_type)
    error_message = "gp2 or gp3."
  }
}

variable "search_volume_iops" {
  description = "I/O operations a second of each volume; gp3 only."
  type        = number
  default     = null

  validation {
    condition     = var.search_volume_iops == null ? true : var.search_volume_iops >= 3000
    error_message = "3000 or more, or null."
  }
}

variable "search_volume_throughput" {
  description = "MiB a second of each volume; gp3 only."
  type        = number
  default     = null

  validation {
    condition     = var.search_volume_throughput == null ? true : var.search_volume_throughput >= 125
    error_message = "125 or more, or null."
  }
}

variable "search_auto_tune_desired_state" {
  description = "Taken for compatibility; Auto-Tune stays off."
  type        = string
  default     = "DISABLED"
  nullable    = false

  validation {
    condition     = var.search_auto_tune_desired_state == "DISABLED"
    error_message = "Auto-Tune stays off: it blocks later changes of the domain, and t2 and t3 types do not have it."
  }
}

variable "stack_notification_arns" {
  description = "SNS topics that are told of the stack's events."
  type        = list(string)
  default     = null

  validation {
    condition     = alltrue([for arn in coalesce(var.stack_notification_arns, []) : can(regex("^arn:aws[a-z-]*:sns:", arn))])
    error_message = "ARNs of SNS topics, as arn:aws:sns:eu-central-1:111122223333:notices."
  }
}

variable "on_failure" {
  description = "What happens when the creation fails."
  type        = string
  default     = "ROLLBACK"
  nullable    = false

  validation {
    condition     = contains(["ROLLBACK", "DELETE", "DO_NOTHING"], var.on_failure)
    error_message = "ROLLBACK, DELETE or DO_NOTHING."
  }
}

variable "create_timeout" {
  description = "How long an apply waits for the creation. In quiltdata/iac it is 30m, which a creation of 30 to 90 minutes outlasts."
  type        = string
  default     = "3h"
  nullable    = false
}

variable "update_timeout" {
  description = "How long an apply waits for an update."
  type        = string
  default     = "1h"
  nullable    = false
}

variable "delete_timeout" {
  description = "How long a destroy waits."
  type        = string
  default     = "1h30m"
  nullable    = false
}

variable "enable_termination_protection" {
  description = "Whether the stacks of network, search domain and deployment are protected from deletion. Apply false before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "default_role" {
  description = "Name or id of the role that new people get in the catalog: without one nobody new can sign up. Null: an administrator sets it."
  type        = string
  default     = null

  validation {
    condition     = var.default_role == null ? true : length(var.default_role) > 0
    error_message = "A role's name, as ReadQuiltBucket, its id, or null."
  }
}

variable "show_passwords" {
  description = "Whether the outputs admin_password and db_password are the passwords themselves, as in quiltdata/iac, and no ARNs. They are then kept in the state."
  type        = bool
  default     = false
  nullable    = false
}
