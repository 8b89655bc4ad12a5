# Every member's ACUs for every billing day of a window, as CSV.
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
  # A cycle that has ended gives the same export whenever it is made. A window
  # from start_date ends with yesterday's billing day, unless end_date says else;
  # plantimestamp() is known while planning, so the data source is read then.
  start_date = var.start_date != null ? var.start_date : data.devin_billing_cycles.this[0].previous.start_date
  end_date = (
    var.end_date != null ? var.end_date :
    var.start_date == null ? data.devin_billing_cycles.this[0].previous.end_date :
    provider::devin::billing_date(timeadd(plantimestamp(), "-24h"))
  )
}

data "devin_members_daily_consumption" "all" {
  start_date = local.start_date
  end_date   = local.end_date
}

locals {
  # Said once: each mention of a data source in an expression makes Terraform
  # decode all of it again, which a large enterprise would notice.
  consumption = data.devin_members_daily_consumption.all

  # Every day of the window. Terraform cannot subtract dates, so it counts up
  # from the first one, and a date becomes a number to compare.
  dates = [
    for i in range(400) : formatdate("YYYY-MM-DD", timeadd("${local.start_date}T00:00:00Z", "${24 * i}h"))
    if tonumber(formatdate("YYYYMMDD", timeadd("${local.start_date}T00:00:00Z", "${24 * i}h"))) <= tonumber(replace(local.end_date, "-", ""))
  ]

  # ACUs by user and date. Devin leaves days without consumption out.
  acus = {
    for user_id, rows in { for row in local.consumption.rows : row.user_id => row... } :
    user_id => { for row in rows : row.date => row.acus }
  }

  rows = flatten([
    for user in local.consumption.users : [
      for date in local.dates : {
        email = coalesce(user.email, user.user_id)
        date  = date
        acus  = try(local.acus[user.user_id][date], 0)
      }
    ]
  ])

  # Terraform reads CSV but has no function that writes it. Only the first column
  # may hold what CSV must quote.
  csv = join("", concat(["email,date,is_active,acus\n"], [
    for row in local.rows : format("%s,%s,%t,%s\n",
      can(regex("[\",\r\n]", row.email)) ? "\"${replace(row.email, "\"", "\"\"")}\"" : row.email,
    row.date, row.acus > 0, row.acus)
  ]))
}

# A warning only, for who wants the running cycle so far.
check "window_is_over" {
  assert {
    condition     = local.consumption.complete
    error_message = "The window ${local.start_date} to ${local.end_date} has a day that has not ended: its numbers still grow."
  }
}
