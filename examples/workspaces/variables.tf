variable "account_ids" {
  description = "The AWS account of each workspace."
  type        = map(string)

  validation {
    condition     = alltrue([for id in values(var.account_ids) : can(regex("^[0-9]{12}$", id))])
    error_message = "An account's number has twelve digits; write it in quotes."
  }
}

variable "region" {
  description = "AWS region. Default: that of the environment or profile."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the deployment. Default: quilt-<workspace>."
  type        = string
  default     = null
}

variable "template_file" {
  description = "Path of the CloudFormation template that Quilt gave you."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of a certificate, in the same region, for the hosts of every environment: *.example.com covers them all."
  type        = string
}

variable "admin_email" {
  description = "E-mail address of the first administrator."
  type        = string
}

variable "parameters" {
  description = "Other parameters of the template, secrets excepted."
  type        = map(string)
  default     = {}
}

variable "parameters_wo" {
  description = "Secret parameters of the template."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}

variable "protected" {
  description = "Whether everything is protected from deletion. Default: what the environment says. Apply false before a destroy."
  type        = bool
  default     = null
}
