# Everything that the enterprise consumed in a month.
data "devin_daily_consumption" "october" {
  period = "2026-10"
}

output "acus" {
  value = data.devin_daily_consumption.october.total_acus
}

output "acus_by_product" {
  value = data.devin_daily_consumption.october.acus_by_product
}

# The same of one organization, also with a key of its own.
variable "org_id" {
  description = "The organization, org-..."
  type        = string
}

data "devin_daily_consumption" "organization" {
  org_id = var.org_id
  period = "2026-10"
}

output "acus_of_organization" {
  value = data.devin_daily_consumption.organization.total_acus
}
