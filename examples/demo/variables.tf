variable "user_id" {
  description = "Whose daily consumption to read. Default: the first member who has an email."
  type        = string
  default     = null
}

variable "start_date" {
  description = "First billing day to read, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day to read, as YYYY-MM-DD. Default: the last one that has ended."
  type        = string
  default     = null
}
