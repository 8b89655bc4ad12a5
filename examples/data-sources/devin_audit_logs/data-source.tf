data "devin_audit_logs" "logins" {
  period = "2026-10"
  action = "login"
  first  = 10 # the latest; the count is of all
}

output "logins_in_october" {
  value = data.devin_audit_logs.logins.entries_count
}

output "latest_logins" {
  value = [for entry in data.devin_audit_logs.logins.entries : { at = entry.created_at, user_id = entry.user_id }]
}
