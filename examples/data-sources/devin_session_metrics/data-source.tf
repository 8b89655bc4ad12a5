data "devin_session_metrics" "october" {
  period = "2026-10"
}

# Where people start Devin: from Slack, from Jira, through the API.
output "sessions_by_origin" {
  value = data.devin_session_metrics.october.sessions_created_by_origin
}

output "acus_per_session" {
  value = data.devin_session_metrics.october.avg_acus_per_session
}
