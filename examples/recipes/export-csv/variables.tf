variable "period" {
  description = "A named window, such as last_month or 2026-Q3. Default: the billing cycle before the current one."
  type        = string
  default     = "previous_cycle"
}

variable "start_date" {
  description = "First billing day, as YYYY-MM-DD. Replaces period."
  type        = string
  default     = null
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Requires start_date. Default: the last billing day that has ended."
  type        = string
  default     = null
}
