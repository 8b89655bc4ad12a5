variable "period" {
  description = "The window by its name, such as last_90_days or 2026-Q3."
  type        = string
  default     = "last_30_days"
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
