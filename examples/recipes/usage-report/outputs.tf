output "report" {
  description = "The page. Write it with: terraform output -raw report > report.html"
  value       = local.report
}

output "totals" {
  description = "The numbers at the top of the page. merge_rate is null where no pull request was created."
  value       = local.totals
}

output "top_users" {
  description = "The rows of the page's table: the ten users with the most ACUs, the most first."
  value       = local.top_users
}
