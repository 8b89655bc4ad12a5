data "devin_members_pr_metrics" "september" {
  period = "2026-09"
}

# The five people whose Devin sessions led to the most merged pull requests. It sends no
# further request, since the answers are kept.
data "devin_members_pr_metrics" "top" {
  period   = "2026-09"
  order_by = "prs_merged_count"
  first    = 5
}

# Only people with pull requests have a merge rate; it is null for the others.
output "people_with_prs" {
  value = length([for user in data.devin_members_pr_metrics.september.users : user if user.merge_rate != null])
}

output "people" {
  value = data.devin_members_pr_metrics.september.users_count
}

output "most_merged" {
  value = [
    for user in data.devin_members_pr_metrics.top.users : "${user.display_name}: ${user.prs_merged_count}"
    if user.prs_merged_count != null
  ]
  sensitive = true # it has people's names
}
