# The whole enterprise, over one month.
data "devin_pr_metrics" "september" {
  period = "2026-09"
}

# Two organizations, day by day: this asks the API once for every day.
data "devin_pr_metrics" "platform" {
  period  = "2026-09"
  org_ids = ["org-abc123def456", "org-def456abc123"]
  daily   = true
}

output "merged_in_september" {
  value = data.devin_pr_metrics.september.prs_merged_count
}

# Null, not zero, when no pull request was created.
output "merge_rate_in_september" {
  value = data.devin_pr_metrics.september.merge_rate
}

output "created_by_day" {
  value = { for day in data.devin_pr_metrics.platform.days : day.date => day.prs_created_count }
}
