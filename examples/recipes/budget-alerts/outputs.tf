output "sent" {
  description = "The alerts that were sent in this billing cycle, each as the first day of the cycle and the threshold in percent. Pass them to the next run as var.sent."
  value       = keys(terraform_data.alert)
}

output "usage" {
  description = "The first day of the billing cycle, the pool, and how much of it is used."
  value = {
    cycle_start  = local.cycle
    pool_acus    = var.pool_acus
    used_acus    = provider::devin::round(local.used, 2)
    used_percent = provider::devin::round(100 * local.used / var.pool_acus, 2)
  }
}
