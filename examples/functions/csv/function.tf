data "devin_members_pr_metrics" "september" {
  start_date = "2026-09-01"
  end_date   = "2026-09-30"
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
