# Also those that have expired since, or were removed.
data "devin_service_users_daily_consumption" "october" {
  period           = "2026-10"
  include_inactive = true
  format           = "none" # totals only
}

output "acus_of_service_users" {
  value = [
    for user in data.devin_service_users_daily_consumption.october.service_users :
    "${coalesce(user.name, user.service_user_id)}: ${user.total_acus}" if user.total_acus != null
  ]
}

# What the sessions of one bot have consumed on each day.
variable "service_user_id" {
  description = "The service user, service-user-..."
  type        = string
}

data "devin_service_users_daily_consumption" "bot" {
  service_user_ids = [var.service_user_id]
  start_date       = "2026-10-28"
  end_date         = "2026-10-30"
}

output "acus_of_bot_by_day" {
  value = { for day in data.devin_service_users_daily_consumption.bot.rows : day.date => day.acus }
}
