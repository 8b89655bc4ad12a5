locals {
  quarter = provider::devin::period("2026-Q3") # 2026-07-01 to 2026-09-30
}

data "devin_pr_metrics" "quarter" {
  start_date = local.quarter.start_date
  end_date   = local.quarter.end_date
}

output "merged" {
  value = data.devin_pr_metrics.quarter.prs_merged_count
}
