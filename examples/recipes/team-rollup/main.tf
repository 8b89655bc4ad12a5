# ACUs and pull requests by IdP group.
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

data "devin_members_pr_metrics" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}

locals {
  consumption = data.devin_members_daily_consumption.all

  # "" stands for no group.
  groups = { for user in local.consumption.users : user.user_id => coalesce(user.idp_group_names, []) }
  ids    = transpose({ for id, groups in local.groups : id => length(groups) > 0 ? groups : [""] })

  # If Devin does not know a user, the user's numbers are null. They count as 0.
  days = { for user in local.consumption.users : user.user_id => coalesce(user.active_days, 0) }
  prs = {
    for user in data.devin_members_pr_metrics.all.users :
    user.user_id => { created = coalesce(user.prs_created_count, 0), merged = coalesce(user.prs_merged_count, 0) }
  }

  counts = {
    for group, ids in local.ids : group => {
      active_members = length([for id in ids : id if local.days[id] > 0])
      prs_created    = sum([for id in ids : local.prs[id].created])
      prs_merged     = sum([for id in ids : local.prs[id].merged])
    }
  }

  teams = [
    for group in coalesce(local.consumption.by_group, []) : merge(
      { idp_group_name = group.idp_group_name, members = group.users_count, acus = provider::devin::round(group.total_acus, 2) },
      local.counts[group.idp_group_name == null ? "" : group.idp_group_name],
    )
  ]
}
