output "csv" {
  description = "One line for each member and billing day with consumption, as CSV. Save it with: terraform output -raw csv > 2026-10.csv"
  value       = terraform_data.month.triggers_replace.csv
  sensitive   = true # contains people's addresses, which must not appear in a CI log
}

output "totals" {
  description = "The ACUs of the month: of the enterprise, of all members, and of no member."
  value       = terraform_data.month.triggers_replace.totals
}
