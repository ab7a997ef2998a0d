variable "domain_name" {
  description = "Name of the search domain, as `search.domain_name` of quilt_health has it."
  type        = string
}

variable "storage_gib" {
  description = "GiB of each data node, as `search.storage_gib` of quilt_health has it."
  type        = number
}

variable "account" {
  description = "Number of the account that the search domain is in."
  type        = string
}

variable "topics" {
  description = "ARNs of the topics that an alarm tells."
  type        = list(string)
}
