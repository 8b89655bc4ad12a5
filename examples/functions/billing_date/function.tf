# Needs Terraform 1.10 or OpenTofu 1.8.

# Before 08:00 UTC the billing day still has yesterday's date.
output "at_0759" {
  value = provider::devin::billing_date("2026-11-06T07:59:00Z")
}

output "at_0800" {
  value = provider::devin::billing_date("2026-11-06T08:00:00Z")
}

# The last two weeks, up to the last billing day that has ended.
data "devin_pr_metrics" "two_weeks" {
  start_date = provider::devin::billing_date(timeadd(plantimestamp(), "-336h"))
}
