variable "budgets" {
  description = "The budget of each organization, by its org_id: the money for a year, and the price of an ACU."
  type = map(object({
    per_year  = number
    acu_price = number
  }))

  validation {
    condition     = alltrue([for budget in values(var.budgets) : budget.per_year >= 0 && budget.acu_price > 0])
    error_message = "A budget is not negative, and a price is more than 0."
  }
}

variable "cycles_per_year" {
  description = "The number of billing cycles in a year."
  type        = number
  default     = 12

  validation {
    condition     = var.cycles_per_year > 0
    error_message = "A year has more than 0 billing cycles."
  }
}

variable "warn_percent" {
  description = "Every plan warns when at least this percentage of a limit is used."
  type        = number
  default     = 80

  validation {
    condition     = var.warn_percent > 0
    error_message = "warn_percent is more than 0."
  }
}
