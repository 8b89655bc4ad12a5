data "devin_members_pr_metrics" "september" {
  start_date = "2026-09-01"
  end_date   = "2026-09-30"
}

# The five people whose Devin sessions led to the most merged pull requests.
output "most_merged" {
  value = slice(
    reverse(sort([
      for user in data.devin_members_pr_metrics.september.users :
      format("%06d %s", user.prs_merged_count, user.display_name)
    ])),
    0, min(5, length(data.devin_members_pr_metrics.september.users))
  )
}

# Only people with pull requests have a merge rate; it is null for the others.
output "merge_rates" {
  value = {
    for user in data.devin_members_pr_metrics.september.users :
    user.user_id => user.merge_rate if user.merge_rate != null
  }
}
