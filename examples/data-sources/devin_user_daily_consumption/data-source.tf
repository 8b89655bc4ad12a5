# Both dates are billing days, which begin at 08:00 UTC. Both are included.
data "devin_user_daily_consumption" "jane" {
  email      = "jane.smith@acme.example"
  start_date = "2026-09-21"
  end_date   = "2026-09-27"
}

output "jane_acus" {
  value = data.devin_user_daily_consumption.jane.total_acus
}

output "jane_acus_by_day" {
  value = { for day in data.devin_user_daily_consumption.jane.days : day.date => day.acus }
}
