output "active_users_by_week" {
  description = "How many users were active, by the Monday on which the week begins."
  value       = { for week in data.devin_active_users.weekly.intervals : week.start_date => week.active_users }
}

output "sessions_by_origin" {
  description = "Sessions by where they were started. Devin leaves older origins out."
  value       = data.devin_session_metrics.all.sessions_created_by_origin
}

output "members" {
  description = "How many members there are now, and how many of them started no session in the window."
  value = {
    all             = length(data.devin_members.all.members)
    without_session = length(local.without_session)
  }
}

output "without_session" {
  description = "The members who started no session in the window, sorted by user_id. joined_at tells who joined in the window or after it; it is null where Devin does not say."
  value = [
    for member in local.without_session :
    { user_id = member.user_id, email = member.email, name = member.name, joined_at = member.enterprise_joined_at }
  ]
  sensitive = true # it has people's addresses: terraform output -json without_session
}
