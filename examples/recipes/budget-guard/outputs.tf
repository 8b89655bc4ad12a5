output "budget" {
  description = "The cycle, the pool, what is used of it and what will be: in ACUs, in percent of the pool, and as money. Rate and projection are null on the first day of a cycle, and the projection while the cycle has no end yet."
  value       = local.budget

  precondition {
    condition = local.budget.used_percent < var.fail_percent
    error_message = format("The pool of %.2f ACUs is used up to %.1f %%: %.2f ACUs since %s%s.",
    var.pool_acus, local.budget.used_percent, local.used, local.cycle.start_date, local.to_go)
  }
}

output "users" {
  description = "The users with the most ACUs, ten unless top_users says otherwise: ACUs, cost, and percent of what the enterprise used and of the pool."
  value       = local.users
  sensitive   = true # contains people's addresses: terraform output users
}
