# Also those that have expired since, or were removed.
data "devin_service_users_daily_consumption" "october" {
  start_date       = "2026-10-01"
  end_date         = "2026-10-31"
  include_inactive = true
  format           = "none" # totals only
}

output "acus_by_service_user" {
  value = {
    for user in data.devin_service_users_daily_consumption.october.service_users :
    coalesce(user.name, user.service_user_id) => user.total_acus
  }
}
