# The ACUs of sessions by tag or by repository, and all other use.
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

  # https://github.com/acme/web/pull/7 belongs to acme/web.
  # https://gitlab.com/acme/sub/web/-/merge_requests/7 belongs to acme/sub/web.
  repository = "^https?://[^/]+/(.+?)(?:/-)?/(?:pull|pulls|pull-requests|pullrequest|merge_requests)/[0-9]+"

  # The tags or repositories to which each session is charged. If there are several, the
  # ACUs are divided evenly among them.
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

  # Use outside sessions, such as in the editor, and use of sessions that an automation
  # started, for which Devin has been seen to report no ACUs.
  no_session = local.enterprise - data.devin_sessions.all.total_acus
}

check "sessions" {
  assert {
    condition     = local.no_session >= -0.01 || !data.devin_sessions.all.complete
    error_message = "The sessions of the window consumed more than the enterprise in it: some went on after its end."
  }
}
