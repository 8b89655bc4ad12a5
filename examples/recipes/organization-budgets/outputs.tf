output "headroom" {
  description = "What each organization with a budget has used of its limit in this billing cycle, by org_id."
  value = {
    for org_id, org in local.headroom : org_id => {
      name       = org.name
      limit      = org.limit
      used_acus  = tonumber(format("%.2f", org.used_acus))
      percent    = tonumber(format("%.1f", org.percent))
      reached_on = org.reached_on
    }
  }
}
