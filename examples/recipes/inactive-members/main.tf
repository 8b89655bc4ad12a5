# Who is a member and has not used Devin.
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

locals {
  # Yesterday's billing day. plantimestamp() is known while planning, so the data
  # sources are read then.
  last_day = var.end_date != null ? var.end_date : provider::devin::billing_date(timeadd(plantimestamp(), "-24h"))

  # The days of the window, the last first.
  dates = [for i in range(var.days) : formatdate("YYYY-MM-DD", timeadd("${local.last_day}T00:00:00Z", "-${24 * i}h"))]
}

data "devin_members" "all" {}

# The days one by one are not needed, which keeps the state small.
data "devin_members_daily_consumption" "all" {
  start_date = local.dates[var.days - 1]
  end_date   = local.last_day
  format     = "none"
}

locals {
  joined = {
    for member in data.devin_members.all.members : member.user_id => provider::devin::billing_date(member.enterprise_joined_at)
    if member.enterprise_joined_at != null
  }

  # Days of the window on which they could have used Devin and did not. Before
  # the window they may have; who joined in it could not before, and who joined
  # after it could on none.
  inactive = [
    for user in data.devin_members_daily_consumption.all.users : {
      user_id   = user.user_id
      email     = user.email
      name      = user.name
      joined_on = try(local.joined[user.user_id], null)
      days = (
        try(timecmp("${local.joined[user.user_id]}T00:00:00Z", "${local.last_day}T00:00:00Z") > 0, false) ? 0 :
        try(index(local.dates, local.joined[user.user_id]) + 1, var.days)
      )
    } if user.active_days == 0
  ]

  # New people have not had the time yet.
  shown = [for user in local.inactive : user if user.days >= max(1, var.grace_days)]
}
