# The current billing cycle including today, every member, as one text:
# terraform output -raw cycle_csv > usage.csv
data "devin_members_daily_consumption" "cycle" {
  period = "current_cycle"
  format = "csv"
}

# A whole quarter without the rows of each day, which keeps the state small: the five
# members who consumed most, and totals of all.
data "devin_members_daily_consumption" "quarter" {
  period   = "2026-Q3"
  format   = "none"
  order_by = "total_acus"
  first    = 5
}

output "cycle_csv" {
  value     = data.devin_members_daily_consumption.cycle.csv
  sensitive = true # it has people's addresses
}

output "most_acus" {
  value     = { for user in data.devin_members_daily_consumption.quarter.users : user.user_id => user.total_acus }
  sensitive = true # it has people's ids
}

# By team: a user of two groups counts in both.
output "acus_by_group" {
  value = {
    for group in data.devin_members_daily_consumption.quarter.by_group :
    coalesce(group.idp_group_name, "no group") => group.total_acus
  }
}

output "acus_of_members" {
  value = data.devin_members_daily_consumption.quarter.total_acus
}

# Service users, people who left, and products tied to no user.
output "acus_of_no_member" {
  value = data.devin_members_daily_consumption.quarter.unattributed_acus
}
