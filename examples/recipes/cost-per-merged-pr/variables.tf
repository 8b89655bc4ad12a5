variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last one that has ended."
  type        = string
  default     = null
}

variable "acu_price" {
  description = "What one ACU costs you. It is in your contract; Devin's API does not tell."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "sessions_limit" {
  description = "The most sessions that the window may have; more are an error."
  type        = number
  default     = 50000
}
