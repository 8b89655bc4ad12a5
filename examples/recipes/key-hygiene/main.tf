# Keys of service users that expire soon, are not used, or never expire.
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

data "devin_service_user_api_keys" "all" {
  expires_within_days = var.expires_within_days
}

locals {
  now = var.now != null ? var.now : plantimestamp()

  active = [for key in data.devin_service_user_api_keys.all.keys : key if key.is_active]

  # For a key that was never used, the time since its creation counts.
  unused = [
    for key in local.active : key
    if timecmp(timeadd(coalesce(key.last_used_at, key.created_at), "${24 * var.unused_days}h"), local.now) < 0
  ]

  never_expiring = [for key in local.active : key if key.expires_at == null]

  # One line for each key, with its id, because several keys can have the same name.
  lines = {
    for kind, keys in {
      expiring       = data.devin_service_user_api_keys.all.expiring
      unused         = local.unused
      never_expiring = local.never_expiring
      } : kind => [
      for key in keys :
      "key ${join(" ", compact([key.api_key_name, "(${key.api_key_id})"]))} of ${coalesce(key.service_user_name, key.service_user_id)}"
    ]
  }
}

check "keys_that_expire" {
  assert {
    condition     = length(local.lines.expiring) == 0
    error_message = "Keys that expire within ${var.expires_within_days} days:\n${join("\n", local.lines.expiring)}"
  }
}

check "unused_keys" {
  assert {
    condition     = length(local.lines.unused) == 0
    error_message = "Keys that were not used for ${var.unused_days} days:\n${join("\n", local.lines.unused)}"
  }
}

check "keys_that_never_expire" {
  assert {
    condition     = length(local.lines.never_expiring) == 0
    error_message = "Keys that never expire:\n${join("\n", local.lines.never_expiring)}"
  }
}
