output "budget" {
  description = "The cycle, the pool, what is used and where it goes. The projection is null on a cycle's first day."
  value       = local.budget

  precondition {
    condition = local.budget.used_percent < var.fail_percent
    error_message = format("The pool of %.2f ACUs is used up to %.1f %%: %.2f ACUs since %s, and %d days to go.",
    var.pool_acus, local.budget.used_percent, local.used, local.cycle.start_date, local.cycle.days_remaining)
  }
}

output "users" {
  description = "The users with the most ACUs, ten unless var.top_users says otherwise: ACUs, cost, and share of what is used and of the pool."
  value       = local.users
  sensitive   = true # it has people's addresses: terraform output users
}
