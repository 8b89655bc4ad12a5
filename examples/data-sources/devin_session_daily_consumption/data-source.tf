variable "session_id" {
  description = "The session, devin-..., as at the end of its address."
  type        = string
}

data "devin_session_daily_consumption" "migration" {
  session_id = var.session_id
  period     = "2026-W44"
}

# Null where Devin reports nothing for the session.
output "acus" {
  value = data.devin_session_daily_consumption.migration.total_acus
}
