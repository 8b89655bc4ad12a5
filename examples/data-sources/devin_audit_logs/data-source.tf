# Everything in October, counted by action; the entries themselves stay out of the state.
data "devin_audit_logs" "october" {
  period = "2026-10"
  format = "none"
}

data "devin_audit_logs" "logins" {
  period = "2026-10"
  action = "login"
  first  = 3 # the latest; the count is of all
}

output "entries_by_action" {
  value = data.devin_audit_logs.october.by_action
}

output "logins" {
  value = data.devin_audit_logs.logins.entries_count
}

output "latest_logins" {
  value     = [for entry in data.devin_audit_logs.logins.entries : "${entry.user_id} at ${entry.created_at}" if entry.user_id != null]
  sensitive = true # it has people's ids
}
