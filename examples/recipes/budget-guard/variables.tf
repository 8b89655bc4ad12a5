variable "pool_acus" {
  description = "The number of ACUs that are available in a billing cycle."
  type        = number

  validation {
    condition     = var.pool_acus > 0
    error_message = "A pool has more than 0 ACUs."
  }
}

variable "acu_price" {
  description = "The price of one ACU, from your contract. Devin's API does not return it."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "warn_percent" {
  description = "Every plan warns when at least this percentage of the pool is used."
  type        = number
  default     = 80

  validation {
    condition     = var.warn_percent > 0
    error_message = "warn_percent is more than 0."
  }
}

variable "fail_percent" {
  description = "Every plan fails when at least this percentage of the pool is used."
  type        = number
  default     = 100

  validation {
    condition     = var.fail_percent > 0
    error_message = "fail_percent is more than 0."
  }
}

variable "top_users" {
  description = "The number of users in the output users."
  type        = number
  default     = 10
}
