output "inactive" {
  description = "Members without any consumption in the window, sorted by user_id; days is for how long at least."
  value       = local.shown
  sensitive   = true # it has people's addresses: terraform output inactive
}

output "emails" {
  description = "Their email addresses, sorted; members without one in Devin are missing."
  value       = sort(compact(local.shown[*].email))
  sensitive   = true # terraform output -json emails
}

output "summary" {
  description = "One line for a chat message."
  value       = "${length(local.shown)} of ${length(data.devin_members_daily_consumption.all.users)} members have not used Devin from ${local.dates[var.days - 1]} to ${local.last_day}."
}
