variable "old_name" {
  description = "Name of the old deployment's stack."
  type        = string
}

variable "old_is_there" {
  description = "Whether the old deployment still exists. Say false once it is deleted."
  type        = bool
  default     = true
}

variable "name" {
  description = "Name of the new deployment, other than the old one's: 3 to 20 lower-case letters, digits and hyphens."
  type        = string
}

variable "region" {
  description = "AWS region of both. Default: that of the environment or profile."
  type        = string
  default     = null
}

variable "cidr" {
  description = "IPv4 range of the new network, /16 to /24. It may not overlap with networks that it is to be joined to."
  type        = string
  default     = "10.0.0.0/16"
}

variable "internal" {
  description = "Whether users reach Quilt from private networks only. The template must be of the same kind."
  type        = bool
  default     = false
}

variable "search_size" {
  description = "Size of the search domain: small, medium, large, x-large and so on."
  type        = string
  default     = "medium"
}

variable "template_file" {
  description = "Path of the template for an existing network, database and search domain that Quilt gave you. Default: a template of this project's tests, which starts no Quilt software."
  type        = string
  default     = null
}

variable "web_host" {
  description = "Host name of the catalog. Default: the old deployment's, so that people go on using the same address."
  type        = string
  default     = null
}

variable "certificate_arn" {
  description = "ARN of the certificate for the catalog's hosts. Default: the old deployment's, which does for both."
  type        = string
  default     = null
}

variable "admin_email" {
  description = "E-mail address of the first administrator. Default: the old deployment's."
  type        = string
  default     = null
}

variable "parameters" {
  description = "Other parameters of the new template: those that the old deployment did not have, and those that are to be others than there."
  type        = map(string)
  default     = {}
}

variable "identity_provider" {
  description = "google, azure, okta or onelogin; null for sign-in with a password alone."
  type        = string
  default     = null
}

variable "base_url" {
  description = "The identity provider's issuer; not for google."
  type        = string
  default     = null
}

variable "client_id" {
  description = "Id that Quilt has at the identity provider."
  type        = string
  default     = null
}

variable "client_secret" {
  description = "Its secret. It reaches neither state nor plan."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "enable_protection" {
  description = "Whether the new network, database, search domain and stack are protected from deletion. Apply false before a destroy."
  type        = bool
  default     = true
}
