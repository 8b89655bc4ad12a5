variable "required_permissions" {
  description = "The permissions that the key must have. Newer and older names work. Default: ViewAccountMembership, ViewAccountConsumption and ViewAccountMetrics."
  type        = list(string)
  default     = null
}
