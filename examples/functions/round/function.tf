data "devin_members_daily_consumption" "september" {
  period = "2026-09"
  format = "none"
}

# ACUs for each member, with two decimal places.
output "per_member" {
  value = provider::devin::round(
    data.devin_members_daily_consumption.september.total_acus / length(data.devin_members_daily_consumption.september.users), 2
  )
}
