data "devin_organizations_daily_consumption" "october" {
  period = "2026-10"
  format = "none" # totals only
}

output "acus_of_organizations" {
  value = [
    for org in data.devin_organizations_daily_consumption.october.organizations :
    "${coalesce(org.name, org.org_id)}: ${org.total_acus}" if org.total_acus != null
  ]
}

# What Devin ties to no organization.
output "acus_of_no_organization" {
  value = data.devin_organizations_daily_consumption.october.unattributed_acus
}
