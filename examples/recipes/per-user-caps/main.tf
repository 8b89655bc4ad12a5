# A limit for each member of an IdP group, with exceptions by address.
#
# There is no provider block, because the key comes from DEVIN_API_KEY. This folder
# therefore also works as a module in a larger configuration.

terraform {
  required_version = ">= 1.8"

  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

data "devin_members" "all" {
  include_roles = false
}

locals {
  members = {
    for member in data.devin_members.all.members : member.user_id => member
    if contains(coalesce(member.idp_group_names, []), var.idp_group)
  }

  # Addresses are compared in lower case. An address that several members of the group
  # share is not used.
  by_address = {
    for user_id, member in local.members : lower(member.email) => user_id... if member.email != null
  }
  known      = { for address, user_ids in local.by_address : address => user_ids[0] if length(user_ids) == 1 }
  exceptions = { for email, limit in var.exceptions : lower(email) => limit }
  unknown    = setsubtract(keys(local.exceptions), keys(local.known))

  limits = merge(
    { for user_id in keys(local.members) : user_id => var.default_limit },
    { for address, limit in local.exceptions : local.known[address] => limit if !contains(local.unknown, address) },
  )
}

resource "devin_user_acu_limit" "member" {
  for_each = local.limits

  user_id         = each.key
  cycle_acu_limit = each.value
}

# Shows people: the addresses of var.exceptions that have to be corrected.
check "exceptions" {
  assert {
    condition     = length(local.unknown) == 0
    error_message = "Not exactly one member of the group ${var.idp_group} has these addresses:\n${join("\n", local.unknown)}"
  }
}
