# A yearly budget for each organization, as a limit for each billing cycle.
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
  # A limit is the largest whole number of ACUs within the budget. Without round(), division
  # by a price such as 2.15 can end just below a whole number, and floor() loses an ACU.
  limits = {
    for org_id, budget in var.budgets :
    org_id => floor(provider::devin::round(budget.per_year / var.cycles_per_year / budget.acu_price, 6))
  }
}

resource "devin_organization_acu_limit" "budget" {
  for_each = local.limits

  org_id          = each.key
  cycle_acu_limit = each.value

  lifecycle {
    precondition {
      condition     = each.value > 0 || var.budgets[each.key].per_year == 0
      error_message = "The budget of ${each.key} is less than an ACU for each billing cycle, and a limit of 0 would block it. Raise the budget, or set it to 0 to block the organization."
    }
  }
}

# Read after the limits are set, so that it includes them.
data "devin_acu_headroom" "now" {
  depends_on = [devin_organization_acu_limit.budget]
}

locals {
  # For this limit only the ACUs of Devin's sessions count, not those of the editor and the
  # terminal. A value is null if Devin answers 404. The percentage of a limit of 0 is null.
  headroom = {
    for limit in flatten([
      for org in data.devin_acu_headroom.now.organizations :
      [for limit in org.limits : merge(limit, { org_id = org.org_id, org_name = org.name }) if limit.name == "acu_limit"]
      ]) : limit.org_id => {
      name       = limit.org_name
      limit      = limit.cycle_acu_limit
      used_acus  = provider::devin::round(limit.used_acus, 2)
      percent    = limit.used_acus == null || limit.cycle_acu_limit == 0 ? null : provider::devin::round(100 * limit.used_acus / limit.cycle_acu_limit, 1)
      reached_on = limit.reached_on
    } if contains(keys(var.budgets), limit.org_id)
  }

  near = { for org_id, org in local.headroom : org_id => org if coalesce(org.percent, 0) >= var.warn_percent }
}

check "budgets" {
  assert {
    condition = length(local.near) == 0
    error_message = join("\n", [
      for org_id, org in local.near :
      format("%s has used %.1f %% of its %d ACUs in this billing cycle.", org.name == null ? org_id : "${org.name} (${org_id})", org.percent, org.limit)
    ])
  }
}
