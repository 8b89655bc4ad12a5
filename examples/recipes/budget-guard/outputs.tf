output "budget" {
  description = "The cycle, the pool, and current and projected use in ACUs, in percent of the pool, and in money. The rate and the projection are null on the first day of a cycle. The projection is also null if the cycle has no end yet."
  value       = local.budget

  precondition {
    condition = local.budget.used_percent < var.fail_percent
    error_message = format("The pool of %.2f ACUs is used up to %.1f %%: %.2f ACUs since %s%s.",
    var.pool_acus, local.budget.used_percent, local.used, local.cycle.start_date, local.to_go)
  }
}

output "users" {
  description = "The users with the most ACUs, as many as top_users: ACUs, cost, and the percentages of the enterprise's use and of the pool."
  value       = local.users
  sensitive   = true # contains people's names: terraform output users
}
