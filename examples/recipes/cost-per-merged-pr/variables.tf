variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last billing day that has ended."
  type        = string
  default     = null
}

variable "acu_price" {
  description = "The price of one ACU, from your contract. Devin's API does not return it."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "sessions_limit" {
  description = "The maximum number of sessions in the window. More sessions are an error."
  type        = number
  default     = 50000
}
