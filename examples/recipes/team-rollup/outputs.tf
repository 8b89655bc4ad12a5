output "teams" {
  description = "Each IdP group, sorted by name: members, members with consumption, ACUs, pull requests created and merged, and merge_rate from 0 to 1, null where none was created. The last row, whose idp_group_name is null, is of members in no group."
  value = [
    for team in local.teams :
    merge(team, { merge_rate = team.prs_created == 0 ? null : provider::devin::round(team.prs_merged / team.prs_created, 4) })
  ]
}

output "people_in_several_teams" {
  description = "How many people count in more than one team, so that the teams add up to more than members_acus."
  value       = length([for groups in values(local.groups) : groups if length(groups) > 1])
}

output "members_acus" {
  description = "ACUs of all members, each counted once."
  value       = provider::devin::round(local.consumption.total_acus, 2)
}

output "unattributed_acus" {
  description = "ACUs of no member: service users, people who left, products tied to no user. In no team."
  value       = provider::devin::round(local.consumption.unattributed_acus, 2)
}
