output "inactive" {
  description = "Members without consumption in the window, sorted by user_id. Members who joined after it began are left out. joined_at is null if Devin does not say when a member joined."
  value       = local.inactive
  sensitive   = true # contains people's addresses: terraform output inactive
}

output "emails" {
  description = "The email addresses of the inactive members, sorted. Members without an address in Devin are left out."
  value       = sort(distinct(compact(local.inactive[*].email)))
  sensitive   = true # terraform output -json emails
}

output "summary" {
  description = "A few sentences for a chat message."
  value = join(" ", [
    "${length(local.inactive)} of ${local.window.users_count} members have not used Devin from ${local.window.start_date} to ${local.window.end_date}.",
    "Of ${length([for user in local.inactive : user if user.joined_at == null])} of these Devin does not say when they joined.",
    "${length(local.unused) - length(local.inactive)} more have not used it, and joined after the window began.",
  ])
}
