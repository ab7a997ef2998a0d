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

variable "account_id" {
  description = "The account of the deployment and its keys, 12 digits."
  type        = string
}

variable "parameters_wo" {
  description = "Secret parameters of the template, as DBPassword of those that make their own database. They reach neither state nor plan."
  type        = map(string)
  default     = {}
  ephemeral   = true
  sensitive   = true
}

variable "extra_policy_arns" {
  description = "ARNs of policies that stand in ManagedUserRoleExtraPolicies already, four at the most."
  type        = list(string)
  default     = []
}
