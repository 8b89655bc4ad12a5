# Whole weeks: from a Monday to a Sunday.
data "devin_active_users" "weekly" {
  start_date = "2026-09-28"
  end_date   = "2026-10-25"
  interval   = "week"
}

output "active_by_week" {
  value = {
    for week in data.devin_active_users.weekly.intervals :
    week.start_date => week.active_users
  }
}
