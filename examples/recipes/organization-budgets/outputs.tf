output "headroom" {
  description = "The use of each organization with a budget in this billing cycle, in ACUs and in percent of its limit, by org_id. reached_on is the day on which the organization reached the limit, or will reach it at the current rate."
  value       = local.headroom
}
