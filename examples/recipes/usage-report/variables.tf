variable "acu_price" {
  description = "What one ACU costs you, in the currency below. It is in your contract; Devin's API does not tell."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "currency" {
  description = "What stands before an amount, with a space where it needs one, such as \"€\" or \"CHF \"."
  type        = string
  default     = "$"
}

variable "start_date" {
  description = "First billing day of the report, as YYYY-MM-DD. Default: the first of the billing cycle, or of the last 30 days where the key may not read cycles."
  type        = string
  default     = null
}

variable "end_date" {
  description = "Last billing day of the report, as YYYY-MM-DD, at most 400 days on. Default: the last one of the cycle that has ended."
  type        = string
  default     = null
}

variable "read_at" {
  description = "The instant of reading as RFC 3339, which the page shows and counts days by. Default: the time of the plan, so that each plan changes the page."
  type        = string
  default     = null
}

variable "title" {
  description = "The heading of the page, such as \"Devin at Acme\": Devin's API does not tell the name of the enterprise."
  type        = string
  default     = "Devin usage"
}

variable "pool_acus" {
  description = "ACUs that the billing cycle's pool has. The page then shows how much of it is used, and a projection. Default: none."
  type        = number
  default     = null

  validation {
    condition     = var.pool_acus == null ? true : var.pool_acus > 0
    error_message = "A pool has more than 0 ACUs."
  }
}
