# Needs Terraform 1.10 or OpenTofu 1.8.

# The running billing day; before 08:00 UTC it still has yesterday's date.
output "today" {
  value = provider::devin::billing_date(plantimestamp())
}

# The last two weeks, up to the last billing day that has ended.
data "devin_pr_metrics" "two_weeks" {
  start_date = provider::devin::billing_date(timeadd(plantimestamp(), "-336h"))
}
