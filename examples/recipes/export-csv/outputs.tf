output "csv" {
  description = "One line for each member and billing day with consumption, as CSV. Save it with: terraform output -raw csv > usage.csv"
  value       = data.devin_members_daily_consumption.all.csv
  sensitive   = true # contains people's addresses, which must not appear in a CI log
}
