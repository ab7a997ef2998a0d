variable "name" {
  description = "The stack's name: `name` of quiltdata/iac's module."
  type        = string
}

variable "region" {
  description = "AWS region. Default: that of the environment or profile."
  type        = string
  default     = null
}

variable "template_file" {
  description = "The template that the stack has: the file that quiltdata/iac was given."
  type        = string
}

variable "web_host" {
  description = "QuiltWebHost of `parameters`."
  type        = string
}

variable "certificate_arn" {
  description = "CertificateArnELB of `parameters`."
  type        = string
}

variable "admin_email" {
  description = "AdminEmail of `parameters`."
  type        = string
}

variable "parameters" {
  description = "The other `parameters`, secrets excepted."
  type        = map(string)
  default     = {}
}

variable "notification_arns" {
  description = "`stack_notification_arns`: topics that are left out here are taken off the stack."
  type        = set(string)
  default     = null
}

variable "tags" {
  description = "Tags of the stack. Those that default_tags of the aws provider set belong here, or into default_tags of this provider."
  type        = map(string)
  default     = null
}

variable "internal" {
  description = "`internal`."
  type        = bool
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "private_subnets" {
  description = "The two private subnets."
  type        = list(string)
}

variable "public_subnets" {
  description = "The two public subnets, unless it is internal."
  type        = list(string)
  default     = null
}

variable "user_subnets" {
  description = "The two subnets of the load balancer, if it is internal."
  type        = list(string)
  default     = null
}

variable "user_security_group" {
  description = "The security group that lets users in."
  type        = string
}

variable "api_endpoint" {
  description = "The execute-api endpoint, if it is internal."
  type        = string
  default     = null
}

variable "db_accessor_security_group" {
  description = "The security group whose members may reach the database."
  type        = string
}

variable "search_domain_arn" {
  description = "ARN of the search domain."
  type        = string
}

variable "search_domain_endpoint" {
  description = "Host name of the search domain."
  type        = string
}

variable "search_accessor_security_group" {
  description = "The security group whose members may reach the search domain."
  type        = string
}

variable "enable_termination_protection" {
  description = "Whether the stack is protected from deletion. Default: as it is."
  type        = bool
  default     = null
}
