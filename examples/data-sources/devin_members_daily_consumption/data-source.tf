# The current billing cycle with the running day, every member, as one text:
# terraform output -raw cycle_csv > usage.csv
data "devin_members_daily_consumption" "cycle" {
  period = "current_cycle"
  format = "csv"
}

# A whole quarter without the rows of each day, which keeps the state small.
data "devin_members_daily_consumption" "quarter" {
  period = "2026-Q3"
  format = "none"
}

output "cycle_csv" {
  value     = data.devin_members_daily_consumption.cycle.csv
  sensitive = true # it has people's addresses
}

output "acus_by_user" {
  value = {
    for user in data.devin_members_daily_consumption.quarter.users :
    user.user_id => user.total_acus if user.total_acus != null
  }
}

# By team: a user of two groups counts in both; null is in none.
output "acus_by_group" {
  value = [
    for group in data.devin_members_daily_consumption.quarter.by_group :
    { group = group.idp_group_name, acus = group.total_acus, share = group.share }
  ]
}

# Service users, people who left, and products tied to no user.
output "acus_of_nobody" {
  value = data.devin_members_daily_consumption.quarter.unattributed_acus
}
