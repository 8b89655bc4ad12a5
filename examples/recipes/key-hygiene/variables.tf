variable "expires_within_days" {
  description = "Keys that expire within this number of days are reported."
  type        = number
  default     = 30
}

variable "unused_days" {
  description = "Keys that have not been used for this number of days are reported."
  type        = number
  default     = 90

  validation {
    condition     = var.unused_days > 0
    error_message = "unused_days is more than 0."
  }
}

variable "now" {
  description = "The current time, as RFC 3339. Default: the time of the plan."
  type        = string
  default     = null
}
