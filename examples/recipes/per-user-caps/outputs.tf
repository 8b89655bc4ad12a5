output "members" {
  description = "The number of members with the default limit, and with another limit."
  value = {
    default    = length([for limit in values(local.limits) : limit if limit == var.default_limit])
    exceptions = length([for limit in values(local.limits) : limit if limit != var.default_limit])
  }

  # Without this condition, a misspelt name would clear the limits of the whole group.
  precondition {
    condition     = length(local.members) > 0
    error_message = "No member is in the group ${var.idp_group}. Check its name; to clear all limits, use terraform destroy."
  }
}
