# How people adopt Devin: active users by week, sessions by origin, and the members who
# started no session.
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

data "devin_active_users" "weekly" {
  start_date   = var.start_date
  end_date     = var.end_date
  interval     = "week"
  min_sessions = var.min_sessions
}

data "devin_session_metrics" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}

# Only the column user_id is used. CSV takes less memory and state than objects.
data "devin_sessions" "all" {
  start_date = var.start_date
  end_date   = var.end_date
  format     = "csv"
  limit      = var.sessions_limit
}

data "devin_members" "all" {
  include_roles = false
}

locals {
  started = { for session in csvdecode(data.devin_sessions.all.csv) : session.user_id => true... }

  without_session = [
    for member in data.devin_members.all.members : member if !can(local.started[member.user_id])
  ]
}
