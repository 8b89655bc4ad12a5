# A yearly budget for each organization, as a limit for each billing cycle.
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

locals {
  # Rounded down: a limit is a whole number of ACUs, and a budget is not to be passed.
  limits = {
    for org_id, budget in var.budgets :
    org_id => floor(budget.per_year / var.cycles_per_year / budget.acu_price)
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

# Read after the limits are set, so that it shows them.
data "devin_acu_headroom" "now" {
  depends_on = [devin_organization_acu_limit.budget]
}

locals {
  headroom = {
    for org in data.devin_acu_headroom.now.organizations : org.org_id => {
      name       = coalesce(org.name, org.org_id)
      limit      = local.limits[org.org_id]
      used_acus  = org.used_acus
      percent    = local.limits[org.org_id] == 0 ? 100 : 100 * org.used_acus / local.limits[org.org_id]
      reached_on = one([for limit in org.limits : limit.reached_on if limit.name == "acu_limit"])
    } if contains(keys(local.limits), org.org_id)
  }

  near = [for org in values(local.headroom) : org if org.percent >= var.warn_percent]
}

check "budgets" {
  assert {
    condition = length(local.near) == 0
    error_message = join("\n", [
      for org in local.near :
      format("%s has used %.0f %% of its %d ACUs in this billing cycle.", org.name, org.percent, org.limit)
    ])
  }
}
