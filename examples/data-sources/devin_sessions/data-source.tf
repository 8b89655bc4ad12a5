data "devin_sessions" "week" {
  period = "2026-W44"
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
