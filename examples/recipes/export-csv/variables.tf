variable "start_date" {
  description = "First billing day, as YYYY-MM-DD. Default: the first of the billing cycle before the current one."
  type        = string
  default     = null
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD, at most 400 days on. Default: the last one of that cycle, or with start_date the last one that has ended."
  type        = string
  default     = null
}
