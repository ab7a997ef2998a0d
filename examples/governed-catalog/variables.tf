variable "name" {
  description = "Name of the deployment: of its stack; network, database and search domain have it with a word added."
  type        = string
  default     = "quilt-prod"
}

variable "region" {
  description = "AWS region. Default: that of the environment or profile."
  type        = string
  default     = null
}

variable "template_file" {
  description = "Path of the CloudFormation template that Quilt gave you."
  type        = string
}

variable "web_host" {
  description = "Host name of the catalog, without https://."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of a certificate, in the same region, for the catalog's hosts."
  type        = string
}

variable "admin_email" {
  description = "E-mail address of the first administrator. Its password is made, and kept in Secrets Manager."
  type        = string
}

variable "buckets" {
  description = "The buckets that the catalog shows, by name."
  type = map(object({
    title       = string
    description = optional(string)
  }))
}

variable "writable" {
  description = "Names of the buckets that scientists may write to."
  type        = set(string)
  default     = []
}

variable "tables" {
  description = "Tabulator tables, by name: the bucket of each, and a file with its schema, source and parser in YAML."
  type = map(object({
    bucket = string
    file   = string
  }))
  default = {}
}

variable "scientists" {
  description = "Who is there from the first day: user name and e-mail address."
  type        = map(string)
  default     = {}
}

variable "parameters" {
  description = "Other parameters of the template, secrets excepted."
  type        = map(string)
  default     = {}
}

variable "parameters_wo" {
  description = "Secret parameters of the template that nothing else brings. They reach neither state nor plan."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}

variable "enable_protection" {
  description = "Whether what holds data is protected from deletion."
  type        = bool
  default     = true
}

variable "catalog_endpoint" {
  description = "Where the catalog is reached, if not by its name: a tunnel, for instance."
  type        = string
  default     = null
}
