variable "region" {
  description = "AWS region of the deployment."
  type        = string
  default     = "us-east-1"
}

variable "name" {
  description = "Name of the deployment's stack, or its ARN."
  type        = string
  default     = "quilt-prod"
}

variable "role_name" {
  description = "Name of the role."
  type        = string
  default     = "quilt-analysts"
}

variable "trust_policy" {
  description = "The role's trust policy so far, as JSON. Null: nobody trusts it yet."
  type        = string
  default     = null
}
