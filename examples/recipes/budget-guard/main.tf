# How much of a pool of ACUs the current billing cycle has used, and how much it will use
# at the current rate. Warns early, and fails when the pool is used up.
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

data "devin_billing_cycles" "this" {
  lifecycle {
    postcondition {
      condition     = self.current != null
      error_message = "Devin lists no billing cycle for today."
    }
  }
}

# The cycle, including the current day. The state stays small because it contains only the
# top users and no daily rows. The totals include all users.
data "devin_members_daily_consumption" "cycle" {
  period   = "current_cycle"
  format   = "none"
  order_by = "total_acus"
  first    = var.top_users
}

locals {
  cycle       = data.devin_billing_cycles.this.current
  consumption = data.devin_members_daily_consumption.cycle

  # The enterprise's total, because the pool also pays for use that belongs to no member.
  used = local.consumption.enterprise_total_acus

  # Only days that have ended count. Null until a day of the cycle has ended.
  finished = sum(concat([0], [for day in local.consumption.enterprise_days : day.acus if day.date != local.consumption.end_date]))
  rate     = local.cycle.days_elapsed > 0 ? local.finished / local.cycle.days_elapsed : null

  # Never less than what is already used. Null without a rate, or if Devin does not return
  # the end of the cycle.
  projected = local.rate == null || local.cycle.days_total == null ? null : max(local.used, local.rate * local.cycle.days_total)

  to_go = local.cycle.days_total == null ? "" : ", with ${local.cycle.days_remaining} of ${local.cycle.days_total} days to go"

  budget = {
    cycle_start       = local.cycle.start_date
    cycle_end         = local.cycle.end_date
    days_elapsed      = local.cycle.days_elapsed
    days_remaining    = local.cycle.days_remaining
    pool_acus         = var.pool_acus
    used_acus         = provider::devin::round(local.used, 2)
    used_percent      = provider::devin::round(100 * local.used / var.pool_acus, 2)
    cost              = provider::devin::round(local.used * var.acu_price, 2)
    acus_per_day      = provider::devin::round(local.rate, 2)
    projected_acus    = provider::devin::round(local.projected, 2)
    projected_percent = local.projected == null ? null : provider::devin::round(100 * local.projected / var.pool_acus, 2)
    projected_cost    = local.projected == null ? null : provider::devin::round(local.projected * var.acu_price, 2)
    unattributed_acus = provider::devin::round(local.consumption.unattributed_acus, 2)
  }

  users = [
    for user in local.consumption.users : {
      user_id      = user.user_id
      name         = user.display_name
      acus         = provider::devin::round(user.total_acus, 2)
      cost         = provider::devin::round(user.total_acus * var.acu_price, 2)
      used_percent = user.share == null ? null : provider::devin::round(100 * user.share, 2)
      pool_percent = provider::devin::round(100 * user.total_acus / var.pool_acus, 2)
    } if coalesce(user.total_acus, 0) > 0
  ]
}

check "pool" {
  assert {
    condition = local.budget.used_percent < var.warn_percent
    error_message = format("%.1f %% of the pool is used: %.2f of %.2f ACUs%s.",
    local.budget.used_percent, local.used, var.pool_acus, local.to_go)
  }
}

check "projection" {
  assert {
    condition = local.projected == null ? true : local.projected <= var.pool_acus
    error_message = local.projected == null ? "There is no projection yet." : format(
    "At %.2f ACUs a day the cycle ends at %.2f ACUs, %.1f %% of the pool.", local.rate, local.projected, local.budget.projected_percent)
  }
}
