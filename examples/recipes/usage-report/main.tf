# One HTML page about an enterprise's Devin usage: what is read, and what is
# counted from it. charts.tf lays the numbers out, report.html.tftpl shows them.
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

data "devin_billing_cycles" "this" {
  count = var.start_date == null ? 1 : 0
}

locals {
  start_date = var.start_date != null ? var.start_date : data.devin_billing_cycles.this[0].current.start_date
}

data "devin_members_daily_consumption" "all" {
  start_date = local.start_date
  end_date   = var.end_date
}

# Everybody's pull requests, day by day: one request a day.
data "devin_pr_metrics" "all" {
  start_date = local.start_date
  end_date   = var.end_date
  daily      = true
}

# Pull requests of the people in the table only, so that a large enterprise
# costs no request for each of its members.
data "devin_members_pr_metrics" "top" {
  count = length(local.top) > 0 ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
  user_ids   = [for user in local.top : user.user_id]
}

locals {
  # Said once: each mention of a data source in an expression makes Terraform
  # decode all of it again, which a large enterprise would notice.
  consumption = data.devin_members_daily_consumption.all

  users = local.consumption.users
  prs   = data.devin_pr_metrics.all
  dates = [for day in local.prs.days : day.date]

  # The ten users with the most ACUs. Terraform sorts texts only, so each user
  # becomes one that sorts as the number does, and ends in the user's place in
  # the list, counted backwards: of equals, the first stays the first.
  ranking = reverse(sort([
    for place, user in local.users : format("%018.6f/%09d", user.total_acus, 999999999 - place)
    if user.total_acus > 0
  ]))
  top = [
    for key in slice(local.ranking, 0, min(10, length(local.ranking))) :
    local.users[999999999 - tonumber(split("/", key)[1])]
  ]
  top_prs = { for user in try(data.devin_members_pr_metrics.top[0].users, []) : user.user_id => user }

  # The detour by way of text rounds; Terraform itself keeps 150 digits.
  cost = tonumber(format("%.2f", local.consumption.enterprise_total_acus * var.acu_price))

  totals = {
    start_date        = local.dates[0]
    end_date          = local.dates[length(local.dates) - 1]
    complete          = local.consumption.complete
    acus              = local.consumption.enterprise_total_acus
    members_acus      = local.consumption.total_acus
    unattributed_acus = local.consumption.unattributed_acus
    cost              = local.cost
    members           = length(local.users)
    active_members    = length([for user in local.users : user if user.active_days > 0])
    prs_created       = local.prs.prs_created_count
    prs_merged        = local.prs.prs_merged_count
    prs_closed        = local.prs.prs_closed_count
    prs_open          = local.prs.prs_opened_count
    merge_rate        = local.prs.merge_rate
  }

  top_users = [
    for user in local.top : {
      user_id     = user.user_id
      email       = user.email
      name        = user.name
      acus        = user.total_acus
      cost        = tonumber(format("%.2f", user.total_acus * var.acu_price))
      active_days = user.active_days
      prs_created = local.top_prs[user.user_id].prs_created_count
      prs_merged  = local.top_prs[user.user_id].prs_merged_count
    }
  ]

  # Everything consumed is in one row: the ten, all other members, and nobody's.
  other_members = length(local.users) - length(local.top)
  other_acus    = local.totals.members_acus - sum(concat([0], local.top[*].total_acus))

  report = templatefile("${path.module}/report.html.tftpl", {
    style   = file("${path.module}/style.css")
    title   = local.escaped[var.title]
    totals  = local.totals
    figures = local.figures
    table   = local.table
    acus    = local.acus_chart
    prs     = local.prs_chart
    axis    = local.axis
  })
}
