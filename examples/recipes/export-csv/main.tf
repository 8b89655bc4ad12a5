# Every member's ACUs for every billing day of a window, as CSV.
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

# Without start_date, the cycle before the current one: a cycle that has ended gives
# the same export whenever it is made.
data "devin_members_daily_consumption" "all" {
  period     = var.start_date == null ? var.period : null
  start_date = var.start_date
  end_date   = var.end_date
  format     = "csv"
  by_product = true
}

# Only a warning, since the current cycle so far may be what you want.
check "window_is_over" {
  assert {
    condition     = data.devin_members_daily_consumption.all.complete
    error_message = "The window has a day that has not ended: its numbers still grow."
  }
}
