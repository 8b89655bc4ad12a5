# A limit for each member of an IdP group, with exceptions by address.
#
# There is no provider block, since the key comes from DEVIN_API_KEY. So this
# folder also works as a module of a larger configuration.

terraform {
  required_version = ">= 1.8"

  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

data "devin_members" "all" {}

locals {
  members = {
    for member in data.devin_members.all.members : member.user_id => member
    if contains([for role in member.role_assignments : role.idp_group_name if role.idp_group_name != null], var.idp_group)
  }

  # Addresses are compared in lower case. A member without one has the default.
  exceptions = { for email, limit in var.exceptions : lower(email) => limit }

  limits = {
    for user_id, member in local.members :
    user_id => lookup(local.exceptions, lower(coalesce(member.email, user_id)), var.default_limit)
  }

  known = toset([for member in values(local.members) : lower(member.email) if member.email != null])
}

resource "devin_user_acu_limit" "member" {
  for_each = local.limits

  user_id         = each.key
  cycle_acu_limit = each.value
}

check "exceptions" {
  assert {
    condition     = length(setsubtract(keys(local.exceptions), local.known)) == 0
    error_message = "Nobody in the group ${var.idp_group} has these addresses:\n${join("\n", setsubtract(keys(local.exceptions), local.known))}"
  }
}
