# One HTML page about an enterprise's Devin usage. This file checks the key and sets the
# window. reads.tf reads, numbers.tf counts, charts.tf and sections.tf prepare the layout,
# and page.tf renders the page.
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

# What the key may read. A missing permission leaves its sections out. Anything else
# fails here, so that an outage never replaces a good page with an empty one.
data "devin_connection_check" "key" {
  required_permissions = ["ManageAccountMembership", "ManageBilling", "ViewAccountMetrics", "ManageOrganizations"]

  lifecycle {
    postcondition {
      condition     = self.org_id == null && contains(self.checks[*].name, "organizations")
      error_message = "This page is about an enterprise, and the key or the provider's org_id is of one organization. Use a key of an enterprise service user, without org_id and DEVIN_ORG_ID."
    }
    postcondition {
      condition = self.org_id != null || (
        !contains(["unavailable", "invalid_credentials"], coalesce(self.error_code, "none")) &&
        anytrue([for check in self.checks : check.ok if contains(["members", "consumption", "pr_metrics"], check.name)]) &&
        alltrue([for check in self.checks : check.ok || contains([401, 403, 404], coalesce(check.status_code, 0))])
      )
      error_message = self.error_code != null ? self.message : join("\n", [for check in self.checks : check.message if !check.ok])
    }
  }
}

locals {
  key_checks = { for check in data.devin_connection_check.key.checks : check.name => check.ok }
  may = {
    members       = local.key_checks["members"]
    consumption   = local.key_checks["consumption"]
    metrics       = local.key_checks["pr_metrics"]
    organizations = local.key_checks["organizations"] && local.key_checks["consumption"]
    people        = local.key_checks["members"] && local.key_checks["consumption"]
  }
}

data "devin_billing_cycles" "this" {
  count = local.may.consumption ? 1 : 0
}

locals {
  # A billing day begins at 08:00 UTC.
  read_at   = coalesce(var.read_at, plantimestamp())
  today     = formatdate("YYYY-MM-DD", timeadd(local.read_at, "-8h"))
  yesterday = formatdate("YYYY-MM-DD", timeadd(local.read_at, "-32h"))

  # The newest cycle that has a finished day in the window. Dates in ISO 8601 sort by
  # time.
  cycles = try(data.devin_billing_cycles.this[0].cycles, [])
  cycle  = try([for cycle in local.cycles : cycle if sort([cycle.start_date, coalesce(var.end_date, local.yesterday)])[0] == cycle.start_date][0], null)

  # The window never reaches beyond the current day.
  end_date = sort([local.today, (
    var.end_date != null ? var.end_date :
    var.start_date != null ? sort([local.yesterday, var.start_date])[1] :
    sort([local.yesterday, try(coalesce(local.cycle.end_date), local.yesterday)])[0]
  )])[0]
  # Without a cycle, the window is the last 30 days.
  start_date = coalesce(var.start_date, try(local.cycle.start_date, formatdate("YYYY-MM-DD", timeadd("${local.end_date}T00:00:00Z", "-696h"))))
  complete   = local.end_date != local.today

  dates = [
    for day in [for i in range(401) : formatdate("YYYY-MM-DD", timeadd("${local.start_date}T00:00:00Z", "${24 * i}h"))] :
    day if sort([day, local.end_date])[1] == local.end_date
  ]

  # The window before, with the same number of days.
  before = {
    start_date = formatdate("YYYY-MM-DD", timeadd("${local.start_date}T00:00:00Z", "${- 24 * length(local.dates)}h"))
    end_date   = formatdate("YYYY-MM-DD", timeadd("${local.start_date}T00:00:00Z", "-24h"))
  }
}
