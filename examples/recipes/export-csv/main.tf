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

# Without dates, the cycle before the current one: a cycle that has ended gives
# the same export whenever it is made.
data "devin_members_daily_consumption" "all" {
  start_date = var.start_date != null ? var.start_date : data.devin_billing_cycles.this[0].previous.start_date
  end_date   = var.start_date != null ? var.end_date : data.devin_billing_cycles.this[0].previous.end_date
  format     = "csv"
  by_product = true
}

# A warning only, for who wants the running cycle so far.
check "window_is_over" {
  assert {
    condition     = data.devin_members_daily_consumption.all.complete
    error_message = "The window has a day that has not ended: its numbers still grow."
  }
}
