output "keys" {
  description = "Active keys to look at, by what is the matter with them."
  value       = local.lines
}

output "summary" {
  description = "One line for a chat message."
  value = format("Of %d active keys, %d expire within %d days, %d were not used for %d days, and %d never expire.",
    length(local.active), length(local.lines.expiring), var.expires_within_days,
  length(local.lines.unused), var.unused_days, length(local.lines.never_expiring))
}
