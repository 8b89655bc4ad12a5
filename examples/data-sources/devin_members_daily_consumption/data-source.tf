data "devin_billing_cycles" "this" {}

# The current billing cycle up to its last finished day, every member.
data "devin_members_daily_consumption" "cycle" {
  start_date = data.devin_billing_cycles.this.current.start_date
}

# A whole quarter without the rows of each day, which keeps the state small.
data "devin_members_daily_consumption" "quarter" {
  start_date = "2026-07-01"
  end_date   = "2026-09-30"
  daily      = false
}

# Terraform has no function for CSV, but lines are easily made.
output "cycle_csv" {
  value = join("\n", concat(["user,date,acus"], [
    for row in data.devin_members_daily_consumption.cycle.rows :
    "${coalesce(row.email, row.user_id)},${row.date},${row.acus}"
  ]))
}

output "acus_by_user" {
  value = {
    for user in data.devin_members_daily_consumption.quarter.users :
    user.user_id => user.total_acus if user.total_acus > 0
  }
}

# Service users, people who left, and products tied to no user.
output "acus_of_nobody" {
  value = data.devin_members_daily_consumption.quarter.unattributed_acus
}
