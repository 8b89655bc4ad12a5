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
  description = "The price of an ACU."
  type        = number
}

variable "sessions_limit" {
  description = "The most sessions that the window may have; more are an error."
  type        = number
  default     = 50000
}
