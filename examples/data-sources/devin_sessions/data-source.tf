data "devin_sessions" "week" {
  period = "2026-W44"
}

# The five largest sessions, and who created them.
data "devin_sessions" "largest" {
  start_date  = "2026-10-26"
  end_date    = "2026-11-01"
  order_by    = "acus_consumed"
  first       = 5
  with_owners = true
}

output "largest_sessions" {
  value = [
    for session in data.devin_sessions.largest.sessions :
    { url = session.url, acus = session.acus_consumed, by = session.owner_display_name }
  ]
  sensitive = true # it has people's names
}

output "sessions_by_status" {
  value = data.devin_sessions.week.by_status
}

# Sessions that ran into a limit.
output "stopped_by_a_limit" {
  value = [
    for session in data.devin_sessions.week.sessions :
    session.url if endswith(coalesce(session.status_detail, "-"), "limit_exceeded")
  ]
}
