variable "acu_price" {
  description = "The price of one ACU in the currency below, from your contract. Devin's API does not return it."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "currency" {
  description = "The text before an amount, with a space at the end if needed, such as \"€\" or \"CHF \"."
  type        = string
  default     = "$"
}

variable "start_date" {
  description = "First billing day of the report, as YYYY-MM-DD. Default: the first day of the billing cycle, or of the last 30 days if the key may not read billing cycles."
  type        = string
  default     = null
}

variable "end_date" {
  description = "Last billing day of the report, as YYYY-MM-DD, at most 400 days after the first. Default: the last day of the cycle that has ended."
  type        = string
  default     = null
}

variable "read_at" {
  description = "The time of reading, as RFC 3339. The page shows it, and it decides which days have ended. Default: the time of the plan, so each plan changes the page."
  type        = string
  default     = null
}

variable "title" {
  description = "The heading of the page, such as \"Devin at Acme\". Devin's API does not return the name of the enterprise."
  type        = string
  default     = "Devin usage"
}

variable "pool_acus" {
  description = "The ACUs in the pool of the billing cycle. If set, the page shows how much of the pool is used, and a projection. Default: none."
  type        = number
  default     = null

  validation {
    condition     = var.pool_acus == null ? true : var.pool_acus > 0
    error_message = "A pool has more than 0 ACUs."
  }
}
