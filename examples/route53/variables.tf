variable "region" {
  description = "The region everything is made in."
  type        = string
  default     = "eu-central-1"
}

variable "name" {
  description = "Name of the network, the database, the search domain and the stack."
  type        = string
  default     = "quilt-prod"
}

variable "template_file" {
  description = "Path of the CloudFormation template that Quilt gave you."
  type        = string
}

variable "web_host" {
  description = "The catalog's host name, below the hosted zone's domain."
  type        = string
}

variable "zone_id" {
  description = "Id of the hosted zone, as Z0123456789ABCDEFGHIJ."
  type        = string
}

variable "admin_email" {
  description = "The first administrator's e-mail address."
  type        = string
}

variable "parameters" {
  description = "Other parameters of the template."
  type        = map(string)
  default     = {}
}
