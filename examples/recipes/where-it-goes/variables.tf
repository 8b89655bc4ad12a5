variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last billing day that has ended."
  type        = string
  default     = null
}
