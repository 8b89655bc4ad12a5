variable "webhook" {
  description = "The URL to which messages are posted, such as a Slack incoming webhook. It is a secret."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^https?://", var.webhook))
    error_message = "The webhook is an address that begins with https:// or http://."
  }
}

variable "pool_acus" {
  description = "The number of ACUs that are available in a billing cycle."
  type        = number

  validation {
    condition     = var.pool_acus > 0
    error_message = "A pool has more than 0 ACUs."
  }
}

variable "thresholds" {
  description = "The percentages of the pool at which a message is sent."
  type        = list(number)
  default     = [80, 100]
  nullable    = false

  validation {
    condition     = alltrue([for percent in var.thresholds : percent > 0])
    error_message = "A threshold is more than 0 %."
  }
}

variable "sent" {
  description = "The alerts that were already sent: the output sent of the last run."
  type        = list(string)
  default     = []
  nullable    = false
}
