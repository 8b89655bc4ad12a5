variable "required_permissions" {
  description = "What the key must be allowed: ManageAccountMembership, ManageBilling, ViewAccountMetrics. Default: all three."
  type        = list(string)
  default     = null
}
