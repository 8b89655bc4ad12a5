variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last billing day that has ended."
  type        = string
  default     = null
}

variable "charge_by" {
  description = "How sessions are charged: by tag or by repository."
  type        = string
  default     = "tag"

  validation {
    condition     = contains(["tag", "repository"], var.charge_by)
    error_message = "charge_by is tag or repository."
  }
}

variable "tag_prefix" {
  description = "The prefix of the tags that count, such as team: for team:payments."
  type        = string
  default     = "team:"
}

variable "acu_price" {
  description = "The price of one ACU, from your contract. Devin's API does not return it."
  type        = number

  validation {
    condition     = var.acu_price >= 0
    error_message = "A price is 0 or more."
  }
}

variable "sessions_limit" {
  description = "The maximum number of sessions in the window. More sessions are an error."
  type        = number
  default     = 20000
}
