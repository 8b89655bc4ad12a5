variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last billing day that has ended."
  type        = string
  default     = null
}

variable "min_sessions" {
  description = "The number of sessions in a week that make a user active. A single search also makes a user active."
  type        = number
  default     = 1
}

variable "sessions_limit" {
  description = "The maximum number of sessions in the window. More sessions are an error."
  type        = number
  default     = 50000
}
