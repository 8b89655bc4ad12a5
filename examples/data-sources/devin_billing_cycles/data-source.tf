data "devin_billing_cycles" "this" {}

data "devin_pr_metrics" "previous_cycle" {
  start_date = data.devin_billing_cycles.this.previous.start_date
  end_date   = data.devin_billing_cycles.this.previous.end_date
}

output "days_left_in_this_cycle" {
  value = data.devin_billing_cycles.this.current.days_remaining
}

output "merged_in_the_previous_cycle" {
  value = data.devin_pr_metrics.previous_cycle.prs_merged_count
}
