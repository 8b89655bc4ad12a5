variable "required_permissions" {
  description = "The permissions that the key must have, by either of their names. Default: ViewAccountMembership, ViewAccountConsumption and ViewAccountMetrics."
  type        = list(string)
  default     = null
}
