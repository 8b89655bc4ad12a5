# Both dates are billing days, which begin at 08:00 UTC. Both are included.
data "devin_user_daily_consumption" "jane" {
  email  = "jane.smith@acme.example"
  period = "2026-09"
}

output "jane_acus_in_september" {
  value = data.devin_user_daily_consumption.jane.total_acus
}

output "jane_acus_by_day" {
  value = { for day in data.devin_user_daily_consumption.jane.days : day.date => day.acus }
}
