# ACUs and pull requests by IdP group or by organization.
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
  none = "(none)"

  # The groups of each member. One group may give several roles, and counts once.
  groups = {
    for member in data.devin_members.all.members : member.user_id => (
      var.group_by == "idp_group" ? coalesce(member.idp_group_names, []) :
      distinct([for role in coalesce(member.role_assignments, []) : role.org_id if role.org_id != null])
    )
  }
  prs = { for user in data.devin_members_pr_metrics.all.users : user.user_id => user }

  # Each person once for each of their groups, or once for none.
  people = flatten([
    for user in data.devin_members_daily_consumption.all.users : [
      for group in concat(local.groups[user.user_id], length(local.groups[user.user_id]) == 0 ? [local.none] : []) : {
        group   = lookup(var.names, group, group)
        acus    = coalesce(user.total_acus, 0)
        active  = coalesce(user.active_days, 0) > 0
        created = coalesce(local.prs[user.user_id].prs_created_count, 0)
        merged  = coalesce(local.prs[user.user_id].prs_merged_count, 0)
      }
    ]
  ])

  teams = {
    for group, people in { for person in local.people : person.group => person... } : group => {
      members        = length(people)
      active_members = length([for person in people : person if person.active])
      acus           = provider::devin::round(sum(people[*].acus), 2)
      prs_created    = sum(people[*].created)
      prs_merged     = sum(people[*].merged)
      # Null where nothing was created.
      merge_rate = sum(people[*].created) == 0 ? null : provider::devin::round(sum(people[*].merged) / sum(people[*].created), 4)
    }
  }
}
