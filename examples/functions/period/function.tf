locals {
  quarter = provider::devin::period("2026-Q3") # 2026-07-01 to 2026-09-30
}

# A data source takes period = "2026-Q3" itself.
output "quarter" {
  value = "${local.quarter.start_date} to ${local.quarter.end_date}"
}
