variable "region" {
  description = "The region of the deployment."
  type        = string
  default     = "us-east-1"
}

variable "name" {
  description = "Name of the stack."
  type        = string
}

variable "data_buckets" {
  description = "Names of data buckets."
  type        = set(string)
  default     = []
}

variable "drift" {
  description = "Whether to look for drift, which takes minutes at every plan."
  type        = bool
  default     = false
}

variable "registry" {
  description = "Whether to ask the registry, from the machine that Terraform runs on."
  type        = bool
  default     = false
}

variable "accept" {
  description = "Names of checks whose failure is known and meant."
  type        = set(string)
  default     = []
}

variable "certificate_days" {
  description = "Days that every certificate must last."
  type        = number
  default     = 45
}
