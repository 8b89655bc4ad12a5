output "headroom" {
  description = "What each organization with a budget has used of its limit in this billing cycle, in ACUs and percent, by org_id. reached_on is the day on which the limit was or will be reached at this rate."
  value       = local.headroom
}
