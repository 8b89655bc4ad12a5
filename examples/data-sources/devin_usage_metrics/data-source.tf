data "devin_usage_metrics" "october" {
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
}

output "sessions" {
  value = data.devin_usage_metrics.october.sessions_count
}

# Null where there was no session.
output "merged_prs_per_session" {
  value = (
    data.devin_usage_metrics.october.sessions_count > 0
    ? data.devin_usage_metrics.october.prs_merged_count / data.devin_usage_metrics.october.sessions_count
    : null
  )
}
