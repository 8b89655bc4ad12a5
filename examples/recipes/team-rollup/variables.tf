variable "start_date" {
  description = "First billing day, as YYYY-MM-DD."
  type        = string
}

variable "end_date" {
  description = "Last billing day, as YYYY-MM-DD. Default: the last one that has ended."
  type        = string
  default     = null
}

variable "group_by" {
  description = "What makes a team: \"idp_group\" or \"organization\"."
  type        = string
  default     = "idp_group"

  validation {
    condition     = contains(["idp_group", "organization"], var.group_by)
    error_message = "Teams are made by idp_group or by organization."
  }
}

variable "names" {
  description = "Names to show instead of ids or group names, such as { \"org-4f2a\" = \"Platform\" }. Two with one name are one team."
  type        = map(string)
  default     = {}
}
