output "headroom" {
  description = "What each organization with a budget has used of its limit in this billing cycle, by org_id."
  value = {
    for org_id, org in local.headroom : org_id => {
      name       = org.name
      limit      = org.limit
      used_acus  = provider::devin::round(org.used_acus, 2)
      percent    = provider::devin::round(org.percent, 1)
      reached_on = org.reached_on
    }
  }
}
