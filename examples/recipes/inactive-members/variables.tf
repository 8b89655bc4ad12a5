variable "period" {
  description = "A named window, such as last_90_days or 2026-Q3."
  type        = string
  default     = "last_30_days"
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
