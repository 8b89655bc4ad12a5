# Members who have not used Devin.
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

# Daily rows are not needed. Without them the state stays small.
data "devin_members_daily_consumption" "all" {
  period     = var.start_date == null ? var.period : null
  start_date = var.start_date
  end_date   = var.end_date
  format     = "none"
}

locals {
  window = data.devin_members_daily_consumption.all
  joined = { for member in data.devin_members.all.members : member.user_id => member.enterprise_joined_at }

  unused = [
    for user in local.window.users :
    { user_id = user.user_id, email = user.email, name = user.name, joined_at = lookup(local.joined, user.user_id, null) }
    if user.active_days == 0
  ]

  # People who joined after the window began had less time to use Devin, or none.
  inactive = [
    for user in local.unused : user
    if timecmp(coalesce(user.joined_at, "2000-01-01T00:00:00Z"), provider::devin::billing_day_start(local.window.start_date)) <= 0
  ]
}
