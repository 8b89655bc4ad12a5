output "csv" {
  description = "A line for each member and billing day with consumption. Write it with: terraform output -raw csv > usage.csv"
  value       = data.devin_members_daily_consumption.all.csv
  sensitive   = true # it has people's addresses, which belong in no CI log
}
