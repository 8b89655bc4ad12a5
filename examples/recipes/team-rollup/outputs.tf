output "teams" {
  description = "Each IdP group, sorted by name: members, members with consumption, ACUs, pull requests created and merged, and merge_rate from 0 to 1, which is null if no pull request was created. The last row, whose idp_group_name is null, is for members in no group."
  value = [
    for team in local.teams :
    merge(team, { merge_rate = team.prs_created == 0 ? null : provider::devin::round(team.prs_merged / team.prs_created, 4) })
  ]
}

output "people_in_several_teams" {
  description = "The number of people who count in more than one team. Because of them, the teams can add up to more than members_acus."
  value       = length([for groups in values(local.groups) : groups if length(groups) > 1])
}

output "members_acus" {
  description = "The ACUs of all members, each counted once."
  value       = provider::devin::round(local.consumption.total_acus, 2)
}

output "unattributed_acus" {
  description = "The ACUs that belong to no member: service users, people who left, and products that Devin attributes to no user. They are in no team."
  value       = provider::devin::round(local.consumption.unattributed_acus, 2)
}
