variable "days" {
  description = "Length of the window in billing days."
  type        = number
  default     = 30

  validation {
    condition     = var.days >= 1 && var.days <= 400 && floor(var.days) == var.days
    error_message = "The window has 1 to 400 days."
  }
}

variable "end_date" {
  description = "Last billing day of the window, as YYYY-MM-DD. Default: the last one that has ended."
  type        = string
  default     = null
}

variable "grace_days" {
  description = "People who joined fewer days ago than this are left out."
  type        = number
  default     = 14
}
