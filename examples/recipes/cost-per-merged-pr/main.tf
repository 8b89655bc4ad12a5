# The cost of a merged pull request: by user, by organization and by category.
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

data "devin_members_daily_consumption" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  format     = "none"
}

data "devin_members_pr_metrics" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}

data "devin_organizations_daily_consumption" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  format     = "none"
}

data "devin_pr_metrics" "organization" {
  for_each = toset(data.devin_organizations_daily_consumption.all.organizations[*].org_id)

  org_ids    = [each.key]
  start_date = var.start_date
  end_date   = var.end_date
}

data "devin_pr_metrics" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}

data "devin_session_categories" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}

data "devin_sessions" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  limit      = var.sessions_limit
}

locals {
  merged_by_user = { for user in data.devin_members_pr_metrics.all.users : user.user_id => user.prs_merged_count }

  # If Devin does not know the category of a session, its pull requests are in no category.
  merged_by_category = {
    for category, urls in {
      for pair in flatten([
        for session in data.devin_sessions.all.sessions : [
          for pr in session.pull_requests : { category = session.category, url = pr.pr_url }
          if session.category != null && lower(coalesce(pr.pr_state, "unknown")) == "merged"
        ]
      ]) : pair.category => pair.url...
    } : category => length(distinct(urls))
  }

  used = {
    user = {
      for user in data.devin_members_daily_consumption.all.users :
      user.user_id => { acus = user.total_acus, merged = lookup(local.merged_by_user, user.user_id, null) } if user.total_acus != null
    }
    organization = {
      for org in data.devin_organizations_daily_consumption.all.organizations :
      org.org_id => { acus = org.total_acus, merged = data.devin_pr_metrics.organization[org.org_id].prs_merged_count } if org.total_acus != null
    }
    category = {
      for category in data.devin_session_categories.all.categories :
      category.category => { acus = category.acus, merged = lookup(local.merged_by_category, category.category, 0) }
    }
    enterprise = {
      enterprise = { acus = data.devin_members_daily_consumption.all.enterprise_total_acus, merged = data.devin_pr_metrics.all.prs_merged_count }
    }
  }

  # The cost is null, not 0, if nothing was merged.
  cost = {
    for by, entries in local.used : by => {
      for name, entry in entries : name => {
        acus          = provider::devin::round(entry.acus, 2)
        merged_prs    = entry.merged
        per_merged_pr = coalesce(entry.merged, 0) == 0 ? null : provider::devin::round(entry.acus * var.acu_price / entry.merged, 2)
      }
    }
  }
}
