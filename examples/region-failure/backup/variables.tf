variable "failed_over" {
  description = "Whether the deployment is here now. False: only the network is."
  type        = bool
  default     = false
}

variable "region" {
  description = "The backup region."
  type        = string
  default     = "us-west-2"
}

variable "db_instance_identifier" {
  description = "The instance of the other region that the copied snapshots are of."
  type        = string
}

variable "replicas" {
  description = "The replicas to connect, as the output `replicas` of primary/ has them: bucket => name of its replica. Give them once DNS leads here."
  type        = map(string)
  default     = {}
}

variable "catalog_api_key" {
  description = "An administrator's API key, made before the failure. Needed for `replicas`, and until they are taken out again."
  type        = string
  default     = null
  sensitive   = true
}

variable "catalog_endpoint" {
  description = "Another address of the catalog, while its host does not resolve where Terraform runs."
  type        = string
  default     = null
}

variable "cidr" {
  description = "IPv4 range of the network: another one than in the other region, if the two are ever to be joined."
  type        = string
  default     = "10.1.0.0/16"
}

variable "search_size" {
  description = "Size of the search domain."
  type        = string
  default     = "medium"
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

