data "devin_usage_metrics" "october" {
  period = "2026-10"
}

output "sessions" {
  value = data.devin_usage_metrics.october.sessions_count
}

# Null where there was no session.
output "merged_prs_per_session" {
  value = provider::devin::round(
    data.devin_usage_metrics.october.sessions_count > 0
    ? data.devin_usage_metrics.october.prs_merged_count / data.devin_usage_metrics.october.sessions_count
    : null, 2
  )
}
