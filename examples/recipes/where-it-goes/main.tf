# Where all of the enterprise's ACUs went: members, service users and the rest; and the
# same by organization.
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

data "devin_members_daily_consumption" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  format     = "none"
}

data "devin_service_users_daily_consumption" "all" {
  start_date       = var.start_date
  end_date         = var.end_date
  include_inactive = true
  format           = "none"
}

data "devin_organizations_daily_consumption" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  format     = "none"
}

locals {
  members       = data.devin_members_daily_consumption.all
  service_users = data.devin_service_users_daily_consumption.all
  organizations = data.devin_organizations_daily_consumption.all

  enterprise = local.members.enterprise_total_acus

  # People who left, and products that Devin attributes to no user. Rounded to a millionth,
  # because HCL's subtraction leaves a small remainder.
  rest = provider::devin::round(local.enterprise - local.members.total_acus - local.service_users.total_acus, 6)
}

# If a day has not ended, its parts can exceed the total, which is read first.
check "parts" {
  assert {
    condition     = local.rest >= 0 || !local.members.complete
    error_message = "Members and service users consumed ${- local.rest} ACUs more than the enterprise."
  }
  assert {
    condition     = local.organizations.unattributed_acus >= 0 || !local.organizations.complete
    error_message = "Organizations consumed ${- local.organizations.unattributed_acus} ACUs more than the enterprise."
  }
}
