# Posts a message to a webhook when the current billing cycle has used 80 % of a pool of
# ACUs, and another one at 100 %. Each is sent once in a cycle.
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

# Including the current day.
data "devin_daily_consumption" "cycle" {
  period = "current_cycle"
}

locals {
  cycle = data.devin_daily_consumption.cycle.start_date
  used  = data.devin_daily_consumption.cycle.total_acus

  # Such as 2026-11-05/80.
  reached = toset([for percent in var.thresholds : "${local.cycle}/${percent}" if 100 * local.used >= percent * var.pool_acus])
  sent    = toset([for alert in var.sent : alert if startswith(alert, "${local.cycle}/")])
}

# One for each alert of the cycle. Creating it sends the message. If that fails, Terraform
# tries again in the next run.
resource "terraform_data" "alert" {
  for_each = setunion(local.reached, local.sent)

  provisioner "local-exec" {
    command = "curl --fail --silent --show-error --max-time 30 --header 'Content-Type: application/json' --data \"$BODY\" \"$WEBHOOK\""

    environment = {
      WEBHOOK = var.webhook
      BODY = jsonencode({
        text = format("Devin has used %.1f %% of its pool: %.2f of %.2f ACUs since %s.",
        100 * local.used / var.pool_acus, local.used, var.pool_acus, local.cycle)
      })
    }
  }
}
