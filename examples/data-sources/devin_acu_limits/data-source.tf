data "devin_acu_limits" "all" {}

output "limits_by_organization" {
  value = {
    for limit in data.devin_acu_limits.all.limits :
    limit.org_id => limit.cycle_acu_limit if limit.scope == "org"
  }
}
