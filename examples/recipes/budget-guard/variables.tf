variable "pool_acus" {
  description = "How many ACUs a billing cycle may consume."
  type        = number

  validation {
    condition     = var.pool_acus > 0
    error_message = "A pool has more than 0 ACUs."
  }
}

variable "acu_price" {
  description = "What one ACU costs you. It is in your contract; Devin's API does not tell."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "warn_percent" {
  description = "The part of the pool, in percent, from which every plan warns."
  type        = number
  default     = 80

  validation {
    condition     = var.warn_percent > 0
    error_message = "warn_percent is more than 0."
  }
}

variable "fail_percent" {
  description = "The part of the pool, in percent, from which every plan fails."
  type        = number
  default     = 100

  validation {
    condition     = var.fail_percent > 0
    error_message = "fail_percent is more than 0."
  }
}

variable "top_users" {
  description = "How many users the output users has."
  type        = number
  default     = 10
}
