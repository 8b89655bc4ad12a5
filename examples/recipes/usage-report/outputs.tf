output "report" {
  description = "The page. Write it with: terraform output -raw report > report.html"
  value       = local.report
  sensitive   = true # it names people
}

output "totals" {
  description = "The numbers at the top of the page. merge_rate is null where no pull request was created, and all are that the key may not read."
  value       = local.totals
}

output "before" {
  description = "The same of the window before, of the same length."
  value       = local.earlier
}

output "top_users" {
  description = "The rows of the page's table: the ten users with the most ACUs, the most first."
  value       = local.top_users
  sensitive   = true # it has people's addresses
}
