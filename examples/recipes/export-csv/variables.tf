variable "period" {
  description = "The window by its name, such as last_month or 2026-Q3. Default: the billing cycle before the current one."
  type        = string
  default     = "previous_cycle"
}

variable "start_date" {
  description = "First billing day, as YYYY-MM-DD, in place of the period."
  type        = string
  default     = null
}

variable "end_date" {
  description = "Last billing day with start_date, as YYYY-MM-DD. Default: the last one that has ended."
  type        = string
  default     = null
}
