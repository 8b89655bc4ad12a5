# The whole enterprise, over one month.
data "devin_pr_metrics" "september" {
  period = "2026-09"
}

# One organization, or several, day by day: this asks the API once for every day.
variable "org_id" {
  description = "The organization, org-..."
  type        = string
}

data "devin_pr_metrics" "week" {
  period  = "2026-W45"
  org_ids = [var.org_id]
  daily   = true
}

output "merged_in_september" {
  value = data.devin_pr_metrics.september.prs_merged_count
}

# Null, not zero, when no pull request was created.
output "merge_rate_in_september" {
  value = provider::devin::round(data.devin_pr_metrics.september.merge_rate, 3)
}

output "created_by_day" {
  value = { for day in data.devin_pr_metrics.week.days : day.date => day.prs_created_count }
}
