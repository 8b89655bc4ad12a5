variable "service_user_id" {
  description = "The service user, service-user-..."
  type        = string
}

# What the sessions that a bot started have consumed.
data "devin_service_user_daily_consumption" "bot" {
  service_user_id = var.service_user_id
  start_date      = "2026-10-01"
  end_date        = "2026-10-31"
}

output "acus" {
  value = data.devin_service_user_daily_consumption.bot.total_acus
}
