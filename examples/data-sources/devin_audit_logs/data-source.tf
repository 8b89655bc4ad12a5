data "devin_audit_logs" "logins" {
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
  action     = "login"
  format     = "none"
}

output "logins_in_october" {
  value = data.devin_audit_logs.logins.entries_count
}
