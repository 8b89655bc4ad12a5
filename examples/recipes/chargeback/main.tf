# Who pays: the ACUs of sessions by tag or by repository, and the rest as the rest.
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

data "devin_sessions" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  limit      = var.sessions_limit
}

data "devin_daily_consumption" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}

locals {
  rest = "(rest)"

  # https://github.com/acme/web/pull/7 is of acme/web.
  # https://gitlab.com/acme/sub/web/-/merge_requests/7 is of acme/sub/web.
  repository = "^https?://[^/]+/(.+?)(?:/-)?/(?:pull|pulls|pull-requests|pullrequest|merge_requests)/[0-9]+"

  # What each session is charged to. One of several shares its ACUs evenly.
  accounts = {
    for session in data.devin_sessions.all.sessions : session.session_id => distinct(
      var.charge_by == "tag"
      ? [for tag in session.tags : tag if startswith(tag, var.tag_prefix)]
      : flatten([for pr in session.pull_requests : try(regex(local.repository, pr.pr_url), [])])
    )
  }

  shares = flatten([
    for session in data.devin_sessions.all.sessions : [
      for account in length(local.accounts[session.session_id]) == 0 ? [local.rest] : local.accounts[session.session_id] : {
        account = account
        acus    = session.acus_consumed / max(length(local.accounts[session.session_id]), 1)
      }
    ]
  ])

  charged = { for account, acus in { for share in local.shares : share.account => share.acus... } : account => sum(acus) }

  enterprise = data.devin_daily_consumption.all.total_acus

  # Use outside of sessions, such as in the editor; and sessions that automations
  # started, of which Devin was seen to report no ACUs.
  no_session = local.enterprise - data.devin_sessions.all.total_acus
}

check "sessions" {
  assert {
    condition     = local.no_session >= -0.01 || !data.devin_sessions.all.complete
    error_message = "The sessions of the window consumed more than the enterprise in it: some went on after its end."
  }
}
