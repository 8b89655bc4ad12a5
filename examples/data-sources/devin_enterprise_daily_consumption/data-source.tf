# Everything that the enterprise consumed in a month, whoever it was.
data "devin_enterprise_daily_consumption" "october" {
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
}

output "acus" {
  value = data.devin_enterprise_daily_consumption.october.total_acus
}

output "acus_by_product" {
  value = data.devin_enterprise_daily_consumption.october.acus_by_product
}
