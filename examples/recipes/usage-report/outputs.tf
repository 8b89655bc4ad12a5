output "report" {
  description = "The page. Save it with: terraform output -raw report > report.html"
  value       = local.report
  sensitive   = true # it names people

  precondition {
    condition     = length(local.dates) >= 1 && length(local.dates) <= 400
    error_message = "The window must have 1 to 400 billing days that have begun: it is ${local.start_date} to ${local.end_date}."
  }
}

output "totals" {
  description = "The numbers at the top of the page. merge_rate is null if no pull request was created. Numbers that the key may not read are null."
  value       = local.totals
}

output "before" {
  description = "The same numbers for the window before, which has the same length. They are null while a day of the window has not ended."
  value       = local.earlier
}

output "missing_permissions" {
  description = "The permissions that the page needs for all sections and the key lacks."
  value       = data.devin_connection_check.key.missing_permissions
}

output "top_users" {
  description = "The rows of the page's table: the ten users with the most ACUs, the most first."
  value       = local.top_users
  sensitive   = true # contains people's addresses
}
