output "csv" {
  description = "The rows, under the header email,date,is_active,acus. Write it with: terraform output -raw csv > usage.csv"
  value       = local.csv

  precondition {
    condition     = try(local.dates[length(local.dates) - 1], "") == local.end_date
    error_message = "The window ${local.start_date} to ${local.end_date} has more than 400 days. Export it in parts."
  }
}

output "file_name" {
  description = "A name that says which days are in the file."
  value       = "devin-usage-${local.start_date}-to-${local.end_date}.csv"
}

output "row_count" {
  description = "Rows without the header: members times days."
  value       = length(local.rows)
}
