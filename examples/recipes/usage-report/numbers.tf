# The numbers of the page. A number that the key may not read is null.

locals {
  # One local for each data source: Terraform decodes a data source again for each
  # reference to it, which takes long in a large enterprise.
  enterprise    = one(data.devin_daily_consumption.all)
  consumption   = one(data.devin_members_daily_consumption.all)
  service_users = one(data.devin_service_users_daily_consumption.all)
  organizations = one(data.devin_organizations_daily_consumption.all)
  prs           = one(data.devin_pr_metrics.all)
  categories    = try(data.devin_session_categories.all[0].categories, [])

  # The users with the most ACUs first. If Devin does not know a user, the ACUs are null.
  users   = local.consumption == null ? [] : local.consumption.users
  used    = [for user in local.users : user.total_acus if coalesce(user.total_acus, 0) > 0]
  top     = slice(local.users, 0, min(10, length(local.used)))
  top_prs = { for user in try(data.devin_members_pr_metrics.top[0].users, []) : user.user_id => user }

  totals = {
    start_date        = local.start_date
    end_date          = local.end_date
    complete          = local.complete
    acus              = try(local.enterprise.total_acus, null)
    members_acus      = try(local.consumption.total_acus, null)
    unattributed_acus = try(local.consumption.unattributed_acus, null)
    cost              = try(provider::devin::round(local.enterprise.total_acus * var.acu_price, 2), null)
    members           = local.may.people ? length(local.users) : try(length(data.devin_members.all[0].members), null)
    active_members    = local.consumption == null ? null : length(local.used)
    active_users      = try(data.devin_active_users.all[0].intervals[0].active_users, null)
    sessions          = try(data.devin_usage_metrics.all[0].sessions_count, null)
    prs_created       = try(local.prs.prs_created_count, null)
    prs_merged        = try(local.prs.prs_merged_count, null)
    prs_closed        = try(local.prs.prs_closed_count, null)
    prs_open          = try(local.prs.prs_opened_count, null)
    merge_rate        = try(local.prs.merge_rate, null)
  }

  # The same numbers for the window before. All are null while the window is not complete.
  # There is no merge rate, because older pull requests have had more time to be merged.
  earlier = {
    acus         = try(data.devin_daily_consumption.before[0].total_acus, null)
    cost         = try(provider::devin::round(data.devin_daily_consumption.before[0].total_acus * var.acu_price, 2), null)
    active_users = try(data.devin_active_users.before[0].intervals[0].active_users, null)
    sessions     = try(data.devin_usage_metrics.before[0].sessions_count, null)
    prs_created  = try(data.devin_pr_metrics.before[0].prs_created_count, null)
  }

  top_users = [
    for user in local.top : {
      user_id     = user.user_id
      email       = user.email
      name        = user.name
      acus        = user.total_acus
      cost        = provider::devin::round(user.total_acus * var.acu_price, 2)
      active_days = user.active_days
      prs_created = try(local.top_prs[user.user_id].prs_created_count, null)
      prs_merged  = try(local.top_prs[user.user_id].prs_merged_count, null)
    }
  ]

  # How much of the pool of the billing cycle is used, from the days that have ended. The
  # projection needs a window that starts with the current cycle, whose end is known.
  current    = one(data.devin_billing_cycles.this[*].current)
  days_total = try(local.current.start_date == local.start_date ? local.current.days_total : null, null)
  ended      = length(local.dates) - (local.complete ? 0 : 1)
  each_day   = try(sum(concat([0], [for day in local.enterprise.days : day.acus if day.date != local.today])) / local.ended, null)
  projected  = try(local.each_day * local.days_total, null)
  exhausted  = try(formatdate("D\u00a0MMM", timeadd("${local.start_date}T00:00:00Z", "${24 * floor(var.pool_acus / local.each_day)}h")), null)

  # Members in groups with similar use, the most active first.
  tenth = ceil(length(local.used) / 10)
  half  = ceil(length(local.used) / 2)
  groups = [
    { name = "Most active tenth", acus = slice(local.used, 0, local.tenth) },
    { name = "Rest of the upper half", acus = slice(local.used, local.tenth, max(local.tenth, local.half)) },
    { name = "Lower half", acus = slice(local.used, max(local.tenth, local.half), length(local.used)) },
  ]

  # ACUs by IdP group. Members of two groups count in both. The group without a name has
  # the members who are in no group.
  teams = try(coalesce(local.consumption.by_group), [])
}
