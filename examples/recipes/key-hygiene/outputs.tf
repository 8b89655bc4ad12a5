output "keys" {
  description = "Active keys that expire soon, have not been used recently, or never expire. A key can be in two lists."
  value       = local.lines
}

output "summary" {
  description = "One line for a chat message."
  value = format("Active keys: %d. Expiring within %d days: %d. Not used for %d days: %d. Never expiring: %d.",
    length(local.active), var.expires_within_days, length(local.lines.expiring),
  var.unused_days, length(local.lines.unused), length(local.lines.never_expiring))
}
