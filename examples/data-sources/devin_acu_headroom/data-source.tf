data "devin_acu_headroom" "now" {}

# Limits that this billing cycle will reach, and when.
output "will_be_reached" {
  value = flatten([
    for org in data.devin_acu_headroom.now.organizations : [
      for limit in org.limits :
      "${coalesce(org.name, org.org_id)} reaches ${limit.name} (${limit.cycle_acu_limit} ACUs) on ${limit.reached_on}." if limit.reached_on != null
    ]
  ])
}
