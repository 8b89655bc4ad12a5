# The data sources, each only where the key may read it.

data "devin_enterprise_daily_consumption" "all" {
  count = local.reads.consumption ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
}

data "devin_enterprise_daily_consumption" "before" {
  count = local.reads.consumption ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_members_daily_consumption" "all" {
  count = local.reads.consumption && local.may.members ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
}

data "devin_service_users_daily_consumption" "all" {
  count = local.reads.consumption && local.may.members ? 1 : 0

  start_date       = local.start_date
  end_date         = var.end_date
  include_inactive = true
}

data "devin_organizations_daily_consumption" "all" {
  count = local.reads.organizations ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
  format     = "none"
}

data "devin_members" "all" {
  count = local.may.members ? 1 : 0
}

data "devin_pr_metrics" "before" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_usage_metrics" "all" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
}

data "devin_usage_metrics" "before" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_active_users" "all" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
}

data "devin_active_users" "before" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.before.start_date
  end_date   = local.before.end_date
}

data "devin_active_users" "weekly" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
  period     = "week"
}

data "devin_session_categories" "all" {
  count = local.reads.metrics ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
}

# Pull requests of the people in the table only, so that a large enterprise
# costs no request for each of its members.
data "devin_members_pr_metrics" "top" {
  count = local.reads.metrics && length(local.top) > 0 ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
  user_ids   = [for user in local.top : user.user_id]
}
