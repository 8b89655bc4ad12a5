data "devin_organizations_daily_consumption" "september" {
  period = "2026-09"
  format = "none" # totals only
}

# The columns are acus and organization, in this order.
output "acus" {
  value = provider::devin::csv([
    for org in data.devin_organizations_daily_consumption.september.organizations : {
      organization = org.name
      acus         = org.total_acus
    }
  ])
}
