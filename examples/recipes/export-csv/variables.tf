variable "start_date" {
  description = "First billing day, as YYYY-MM-DD. Default: the first of the billing cycle before the current one."
  type        = string
  default     = null
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: with start_date the last one that has ended, else the last one of that cycle."
  type        = string
  default     = null
}
