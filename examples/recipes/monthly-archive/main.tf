# Every member's ACUs for every billing day of a month, kept as they were when the month
# was read. Each month has its own workspace, which is named after it.
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

locals {
  is_month = can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])$", terraform.workspace))
}

data "devin_members_daily_consumption" "month" {
  period     = local.is_month ? terraform.workspace : "last_month"
  format     = "csv"
  by_product = var.by_product

  lifecycle {
    precondition {
      condition     = local.is_month
      error_message = "The workspace ${terraform.workspace} is not named after a month. Select one that is, such as: terraform workspace select -or-create 2026-10"
    }
    postcondition {
      condition     = self.complete
      error_message = "${terraform.workspace} has not ended, so its numbers still grow."
    }
  }
}

# The first run in a workspace writes the month here, and later runs keep it. Unlike
# output, triggers_replace stays sensitive, so no plan shows it.
resource "terraform_data" "month" {
  triggers_replace = {
    csv = sensitive(data.devin_members_daily_consumption.month.csv)
    totals = {
      start_date        = data.devin_members_daily_consumption.month.start_date
      end_date          = data.devin_members_daily_consumption.month.end_date
      acus              = provider::devin::round(data.devin_members_daily_consumption.month.enterprise_total_acus, 2)
      members_acus      = provider::devin::round(data.devin_members_daily_consumption.month.total_acus, 2)
      unattributed_acus = provider::devin::round(data.devin_members_daily_consumption.month.unattributed_acus, 2)
    }
  }

  lifecycle {
    ignore_changes  = [triggers_replace]
    prevent_destroy = true
  }
}
