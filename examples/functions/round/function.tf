data "devin_members_daily_consumption" "september" {
  start_date = "2026-09-01"
  end_date   = "2026-09-30"
  format     = "none"
}

# ACUs for each member, with two decimal places.
output "per_member" {
  value = provider::devin::round(
    data.devin_members_daily_consumption.september.total_acus / length(data.devin_members_daily_consumption.september.users), 2
  )
}
