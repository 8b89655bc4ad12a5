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

# The default is the cycle before the current one. Because it has ended, its numbers no
# longer grow.
data "devin_members_daily_consumption" "all" {
  period     = var.start_date == null ? var.period : null
  start_date = var.start_date
  end_date   = var.end_date
  format     = "csv"
  by_product = true
}

# Only a warning, because you may want the current cycle so far.
check "window_is_over" {
  assert {
    condition     = data.devin_members_daily_consumption.all.complete
    error_message = "The window has a day that has not ended: its numbers still grow."
  }
}
