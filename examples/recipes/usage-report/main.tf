# One HTML page about an enterprise's Devin usage: what is read. numbers.tf counts,
# sections.tf and charts.tf lay out, page.tf puts the page together.
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

# What the key may read. The rest of the page is left empty, and says what is missing.
data "devin_connection_check" "key" {}

locals {
  key_checks = { for check in data.devin_connection_check.key.checks : check.name => check.ok }
  may = {
    members       = local.key_checks["members"]
    consumption   = local.key_checks["consumption"]
    metrics       = local.key_checks["pr_metrics"]
    organizations = local.key_checks["organizations"] && local.key_checks["consumption"]
  }
}

data "devin_billing_cycles" "this" {
  count = local.may.consumption ? 1 : 0
}

locals {
  cycle = one(data.devin_billing_cycles.this[*].current)

  # Null where neither the configuration nor the billing cycle says when to start.
  start_date = var.start_date != null ? var.start_date : try(local.cycle.start_date, null)
  has_window = local.start_date != null
}

data "devin_pr_metrics" "all" {
  count = local.may.metrics && local.has_window ? 1 : 0

  start_date = local.start_date
  end_date   = var.end_date
  daily      = true
}

locals {
  # By the provider's clock: yesterday is the last billing day that has ended.
  today     = try(timeadd("${local.cycle.start_date}T00:00:00Z", "${24 * local.cycle.days_elapsed}h"), null)
  yesterday = try(timeadd(local.today, "-24h"), null)

  # The billing days of the window. Pull requests come with every day of it, and
  # consumption only with those that have some.
  candidates = local.has_window ? [for i in range(401) : timeadd("${local.start_date}T00:00:00Z", "${24 * i}h")] : []
  asked_end  = var.end_date == null ? local.yesterday : "${var.end_date}T00:00:00Z"
  dates = local.may.metrics && local.has_window ? data.devin_pr_metrics.all[0].days[*].date : [
    for i, day in local.candidates : formatdate("YYYY-MM-DD", day)
    if local.today == null ? false : i == 0 || timecmp(day, local.asked_end) <= 0 && timecmp(day, local.today) <= 0
  ]

  # As many days before.
  before = {
    start_date = try(formatdate("YYYY-MM-DD", timeadd("${local.start_date}T00:00:00Z", "${- 24 * length(local.dates)}h")), null)
    end_date   = try(formatdate("YYYY-MM-DD", timeadd("${local.start_date}T00:00:00Z", "-24h")), null)
  }
  reads = { for what, may in local.may : what => may && length(local.dates) > 0 }
}
