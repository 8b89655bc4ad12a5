output "active_users_by_week" {
  description = "The number of active users by week. The key is the Monday on which the week begins."
  value       = { for week in data.devin_active_users.weekly.intervals : week.start_date => week.active_users }
}

output "sessions_by_origin" {
  description = "The number of sessions by where they were started. Devin leaves older origins out."
  value       = data.devin_session_metrics.all.sessions_created_by_origin
}

output "members" {
  description = "The number of members now, and of those who started no session in the window."
  value = {
    all             = length(data.devin_members.all.members)
    without_session = length(local.without_session)
  }
}

output "without_session" {
  description = "The members who started no session in the window, sorted by user_id. joined_at shows who joined during or after the window. It is null if Devin does not return it."
  value = [
    for member in local.without_session :
    { user_id = member.user_id, email = member.email, name = member.name, joined_at = member.enterprise_joined_at }
  ]
  sensitive = true # contains people's addresses: terraform output -json without_session
}
