# The data sources. Each is read only if the key may read it. A window with a day that
# has not ended is not compared with the window before.

data "devin_daily_consumption" "all" {
  count = local.may.consumption ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
}

data "devin_daily_consumption" "before" {
  count = local.may.consumption && local.complete ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

# Used only for a count, and only if the key may not read the next data source, which has
# every member.
data "devin_members" "all" {
  count = local.may.members && !local.may.people ? 1 : 0

  include_roles = false
}

data "devin_members_daily_consumption" "all" {
  count = local.may.people ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
  order_by   = "total_acus"
  format     = "none"
}

data "devin_service_users_daily_consumption" "all" {
  count = local.may.people ? 1 : 0

  start_date       = local.start_date
  end_date         = local.end_date
  include_inactive = true
  format           = "none"
}

data "devin_organizations_daily_consumption" "all" {
  count = local.may.organizations ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
  format     = "none"
}

data "devin_pr_metrics" "all" {
  count = local.may.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
  daily      = true
}

data "devin_pr_metrics" "before" {
  count = local.may.metrics && local.complete ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_usage_metrics" "all" {
  count = local.may.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
}

data "devin_usage_metrics" "before" {
  count = local.may.metrics && local.complete ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_active_users" "all" {
  count = local.may.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
}

data "devin_active_users" "before" {
  count = local.may.metrics && local.complete ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_active_users" "weekly" {
  count = local.may.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
  interval   = "week"
}

data "devin_session_categories" "all" {
  count = local.may.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
}

# Pull requests only of the people in the table, because a large enterprise would need a
# request for each of its members.
data "devin_members_pr_metrics" "top" {
  count = local.may.metrics && length(local.top) > 0 ? 1 : 0

  start_date = local.start_date
  end_date   = local.end_date
  user_ids   = local.top[*].user_id
}
