# What is counted from the data. null is what the key may not read.

locals {
  # Said once: each mention of a data source in an expression makes Terraform
  # decode all of it again, which a large enterprise would notice.
  enterprise    = one(data.devin_enterprise_daily_consumption.all)
  consumption   = one(data.devin_members_daily_consumption.all)
  service_users = one(data.devin_service_users_daily_consumption.all)
  organizations = one(data.devin_organizations_daily_consumption.all)
  prs           = one(data.devin_pr_metrics.all)
  users         = local.consumption == null ? [] : local.consumption.users

  # The ten users with the most ACUs. Terraform sorts texts only, so each user
  # becomes one that sorts as the number does, and ends in the user's place in
  # the list, counted backwards: of equals, the first stays the first.
  ranking = reverse(sort([
    for place, user in local.users : format("%018.6f/%09d", user.total_acus, 999999999 - place)
    if coalesce(user.total_acus, 0) > 0
  ]))
  top = [
    for key in slice(local.ranking, 0, min(10, length(local.ranking))) :
    local.users[999999999 - tonumber(split("/", key)[1])]
  ]
  top_prs = { for user in try(data.devin_members_pr_metrics.top[0].users, []) : user.user_id => user }

  # Rounded to a millionth, since HCL's subtraction leaves a residue.
  rest_acus = local.consumption == null ? null : provider::devin::round(local.enterprise.total_acus - local.consumption.total_acus - local.service_users.total_acus, 6)

  totals = {
    start_date        = try(local.dates[0], null)
    end_date          = try(local.dates[length(local.dates) - 1], null)
    complete          = try(local.enterprise.complete, local.prs.complete, null)
    acus              = try(local.enterprise.total_acus, null)
    members_acus      = try(local.consumption.total_acus, null)
    unattributed_acus = try(local.consumption.unattributed_acus, null)
    cost              = try(provider::devin::round(local.enterprise.total_acus * var.acu_price, 2), null)
    members           = local.may.members ? length(data.devin_members.all[0].members) : null
    active_members    = local.consumption == null ? null : length([for user in local.users : user if coalesce(user.active_days, 0) > 0])
    active_users      = try(data.devin_active_users.all[0].periods[0].active_users, null)
    sessions          = try(data.devin_usage_metrics.all[0].sessions_count, null)
    prs_created       = try(local.prs.prs_created_count, null)
    prs_merged        = try(local.prs.prs_merged_count, null)
    prs_closed        = try(local.prs.prs_closed_count, null)
    prs_open          = try(local.prs.prs_opened_count, null)
    merge_rate        = try(local.prs.merge_rate, null)
  }

  # The same of the window before.
  earlier = {
    acus         = try(data.devin_enterprise_daily_consumption.before[0].total_acus, null)
    cost         = try(provider::devin::round(data.devin_enterprise_daily_consumption.before[0].total_acus * var.acu_price, 2), null)
    active_users = try(data.devin_active_users.before[0].periods[0].active_users, null)
    sessions     = try(data.devin_usage_metrics.before[0].sessions_count, null)
    prs_created  = try(data.devin_pr_metrics.before[0].prs_created_count, null)
    merge_rate   = try(data.devin_pr_metrics.before[0].merge_rate, null)
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

  # Everything consumed is in one row: the ten, all other members, and nobody's.
  other_members = length(local.users) - length(local.top)
  other_acus    = local.consumption == null ? 0 : local.totals.members_acus - sum(concat([0], local.top[*].total_acus))

  # How far the pool of the billing cycle goes. The projection is for a window from
  # the start of the current cycle.
  in_cycle  = try(local.start_date == local.cycle.start_date, false)
  projected = try(local.in_cycle && local.cycle.days_elapsed > 0 && length(local.dates) > 0 ? local.totals.acus / length(local.dates) * local.cycle.days_total : null, null)
  budget = var.pool_acus == null || local.totals.acus == null ? null : {
    pool      = var.pool_acus
    percent   = var.pool_acus > 0 ? 100 * local.totals.acus / var.pool_acus : null
    projected = local.projected
    over      = local.projected == null ? null : local.projected > var.pool_acus
  }

  # Members by how much they used: powers of ten, so that one table fits any enterprise.
  bounds = [0, 1, 10, 100, 1000]
  distribution = local.consumption == null ? [] : [
    for i, bound in concat([-1], local.bounds) : {
      from  = bound
      to    = try(local.bounds[i], null)
      count = length([for user in local.users : user if coalesce(user.total_acus, 0) > bound && (try(local.bounds[i], null) == null || coalesce(user.total_acus, 0) <= try(local.bounds[i], 0))])
    }
  ]

  # ACUs by IdP group. Somebody in two groups counts in both.
  acus_of = { for user in local.users : user.user_id => coalesce(user.total_acus, 0) }
  teams = local.consumption == null ? {} : {
    for group, ids in {
      for pair in distinct(flatten([
        for member in data.devin_members.all[0].members : [
          for role in coalesce(member.role_assignments, []) : { group = role.idp_group_name, id = member.user_id } if role.idp_group_name != null
        ]
      ])) : pair.group => pair.id...
    } : group => { members = length(ids), acus = sum([for id in ids : lookup(local.acus_of, id, 0)]) }
  }
}
