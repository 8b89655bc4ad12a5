variable "webhook" {
  description = "Where messages are posted, such as the address of an incoming webhook of Slack. It is a secret."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^https?://", var.webhook))
    error_message = "The webhook is an address that begins with https:// or http://."
  }
}

variable "pool_acus" {
  description = "How many ACUs a billing cycle may consume."
  type        = number

  validation {
    condition     = var.pool_acus > 0
    error_message = "A pool has more than 0 ACUs."
  }
}

variable "thresholds" {
  description = "The parts of the pool, in percent, at which a message is sent."
  type        = list(number)
  default     = [80, 100]
  nullable    = false

  validation {
    condition     = alltrue([for percent in var.thresholds : percent > 0])
    error_message = "A threshold is more than 0 %."
  }
}

variable "sent" {
  description = "What was sent before: the output sent of the last run."
  type        = list(string)
  default     = []
  nullable    = false
}
