variable "us" {
  description = "The account for the United States. Keys are for trials; use `profile` or `assume_role` in the provider block otherwise."
  type = object({
    account_id = string
    access_key = optional(string)
    secret_key = optional(string)
  })
  sensitive = true
}

variable "eu" {
  description = "The account for Europe, likewise."
  type = object({
    account_id = string
    access_key = optional(string)
    secret_key = optional(string)
  })
  sensitive = true
}

variable "name" {
  description = "Name of the deployment; accounts are apart, so that it may be the same in both."
  type        = string
  default     = "quilt-prod"
}

variable "enable_termination_protection" {
  description = "Whether everything is protected from deletion. Apply false before a destroy."
  type        = bool
  default     = true
}
