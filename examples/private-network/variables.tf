variable "region" {
  description = "AWS region of the deployment."
  type        = string
  default     = "us-east-1"
}

variable "name" {
  description = "Name of the deployment: 3 to 20 lower-case letters, digits and hyphens."
  type        = string
  default     = "quilt-prod"
}

variable "template_file" {
  description = "Path of the CloudFormation template that Quilt gave you."
  type        = string
}

variable "web_host" {
  description = "The host name of the catalog."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of the certificate for every host of the catalog, in the region of the deployment."
  type        = string
}

variable "admin_email" {
  description = "E-mail address of the first administrator."
  type        = string
}

variable "parameters" {
  description = "Other parameters of the template."
  type        = map(string)
  default     = {}
}

variable "enable_protection" {
  description = "Whether everything is protected from deletion. Apply false before a destroy."
  type        = bool
  default     = true
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "private_subnet_ids" {
  description = "Two subnets for services, with a way out through a NAT gateway, a transit gateway or a firewall."
  type        = list(string)
}

variable "intra_subnet_ids" {
  description = "Two subnets for database and search, with no way out."
  type        = list(string)
}

variable "user_subnet_ids" {
  description = "Two subnets for the load balancer; they may be the private ones."
  type        = list(string)
}

variable "user_security_group_id" {
  description = "The security group that lets users in on 443 and 80."
  type        = string
}

variable "api_gateway_endpoint_id" {
  description = "The interface endpoint for `execute-api`, with private DNS."
  type        = string
}

variable "user_vpc_ids" {
  description = "Other VPCs that people come through, as that of the VPN. Each has an S3 endpoint of its own."
  type        = list(string)
  default     = []
}

variable "ip_ranges" {
  description = "Public ranges from which the buckets may be reached as well."
  type        = list(string)
  default     = []
}

variable "bucket_prefix" {
  description = "How the names of the buckets begin that the perimeter is around."
  type        = string
  default     = "quilt"
}

variable "trial_bucket" {
  description = "Name of the clean bucket on which the perimeter is tried. It does not exist yet."
  type        = string
}

variable "organization_target_id" {
  description = "The root, organisational unit or account that the policy is attached to, once the trial has gone well. Null: not yet."
  type        = string
  default     = null
}
