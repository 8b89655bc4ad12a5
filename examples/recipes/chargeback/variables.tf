variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last one that has ended."
  type        = string
  default     = null
}

variable "charge_by" {
  description = "What sessions are charged to: tag, or repository."
  type        = string
  default     = "tag"

  validation {
    condition     = contains(["tag", "repository"], var.charge_by)
    error_message = "charge_by is tag or repository."
  }
}

variable "tag_prefix" {
  description = "Only tags that begin with this count, such as team: in team:payments."
  type        = string
  default     = "team:"
}

variable "acu_price" {
  description = "What one ACU costs you. It is in your contract; Devin's API does not tell."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "sessions_limit" {
  description = "The most sessions that the window may have; more are an error."
  type        = number
  default     = 20000
}
