data "devin_billing_cycles" "this" {}

data "devin_pr_metrics" "cycle_before_the_previous" {
  start_date = data.devin_billing_cycles.this.cycles[2].start_date
  end_date   = data.devin_billing_cycles.this.cycles[2].end_date
}

output "days_left_in_this_cycle" {
  value = data.devin_billing_cycles.this.current.days_remaining
}

output "merged_in_the_cycle_before_the_previous" {
  value = data.devin_pr_metrics.cycle_before_the_previous.prs_merged_count
}
