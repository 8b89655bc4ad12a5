output "connection" {
  description = "Who the key belongs to."
  value       = data.devin_principal.key
}

# Shows people: the demo prints a table of them.
output "members" {
  description = "Everyone who is a member of the Devin enterprise."
  value       = data.devin_members.all.members
}

output "consumption" {
  description = "One user's ACUs, day by day. Null where there is no user."
  value       = one(data.devin_user_daily_consumption.one)
}

output "pull_requests" {
  description = "What became of the pull requests that Devin created."
  value       = data.devin_pr_metrics.all
}
