variable "name" {
  description = "Name of the deployment: of its stack, and with -network added of its network's stack. 3 to 20 lower-case letters, digits and hyphens."
  type        = string
  default     = "quilt-demo"
}

variable "region" {
  description = "AWS region. Default: that of the environment or profile."
  type        = string
  default     = null
}

variable "cidr" {
  description = "IPv4 range of the network, /16 to /24."
  type        = string
  default     = "10.0.0.0/16"
}

variable "internal" {
  description = "Whether users reach Quilt from private networks only. The template must be of the same kind."
  type        = bool
  default     = false
}

variable "nat_gateways" {
  description = "one_per_az, single or none."
  type        = string
  default     = "one_per_az"
}

variable "template_file" {
  description = "Path of the CloudFormation template that Quilt gave you. Default: a template of this project's tests, which starts no Quilt software."
  type        = string
  default     = null
}

variable "database_and_search" {
  description = "Whether database and search domain are made beside the stack. False for a template that makes its own: one without the parameters DBUrl and SearchDomainArn."
  type        = bool
  default     = true
}

variable "search_size" {
  description = "Size of the search domain: small, medium, large, x-large and so on."
  type        = string
  default     = "small"
}

variable "web_host" {
  description = "Host name of the catalog, without https://. The template fixes how many labels it has."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of a certificate, in the same region, for the catalog's hosts: web_host and the two names beside it."
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
  description = "Secret parameters of the template (those with NoEcho) that nothing else brings. They reach neither state nor plan."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}

variable "parameters_wo_version" {
  description = "Raise it by one to send changed parameters_wo."
  type        = number
  default     = 1
}

variable "enable_termination_protection" {
  description = "Whether network, database, search domain and stack are protected from deletion. Apply false before a destroy."
  type        = bool
  default     = true
}
