output "teams" {
  description = "By team: members, active_members, acus, prs_created, prs_merged, merge_rate (null where nothing was created)."
  value       = local.teams
}

output "people_in_several_teams" {
  description = "How many people count in more than one team, so that the teams add up to more than the enterprise."
  value       = length([for groups in values(local.groups) : groups if length(distinct([for group in groups : lookup(var.names, group, group)])) > 1])
}

output "members_acus" {
  description = "ACUs of all members, each counted once."
  value       = provider::devin::round(data.devin_members_daily_consumption.all.total_acus, 2)
}

output "unattributed_acus" {
  description = "ACUs of nobody: service users, people who left, products tied to no user. In no team."
  value       = provider::devin::round(data.devin_members_daily_consumption.all.unattributed_acus, 2)
}
