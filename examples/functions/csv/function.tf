data "devin_members_pr_metrics" "september" {
  period = "2026-09"
}

# The columns are merged and user, in this order.
output "merged" {
  value = provider::devin::csv([
    for user in data.devin_members_pr_metrics.september.users : {
      user   = user.display_name
      merged = user.prs_merged_count
    }
  ])
  sensitive = true # it has people's names
}
